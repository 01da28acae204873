package io.dicm.ams.table;

import io.dicm.ams.memory.MemoryBudget;
import io.dicm.common.error.DicmException;
import io.dicm.common.key.Fingerprints;

/**
 * Gives 64-bit keys a number each, outside the Java heap: {@value #SEGMENTS} small hash tables, one
 * of which is chosen by the key's hash. A table that grows moves a 1,024th of the keys, while all
 * others stay as they are: no insertion has to wait for all of them. The key {@link
 * Fingerprints#NONE} is never in it. Not safe for use by many threads.
 */
public final class NativeKeyTable implements AutoCloseable {
  /** What {@link #valueOf} answers for a key that is not there. */
  public static final int ABSENT = -1;

  private static final int SEGMENTS = 1 << 10;
  private static final int SEGMENT_SHIFT = Long.SIZE - 10;

  private final MemoryBudget budget;
  private final KeySegment[] segments = new KeySegment[SEGMENTS];
  private int size;

  /**
   * @param budget that the memory is taken from
   */
  public NativeKeyTable(MemoryBudget budget) {
    this.budget = budget;
  }

  /** Bytes that a table of this many keys takes at most. */
  public static long bytesFor(long keys) {
    return SEGMENTS * KeySegment.bytesFor(0) + KeySegment.bytesFor(keys);
  }

  /** The number of keys. */
  public int size() {
    return size;
  }

  /** The key's number, or {@link #ABSENT}. */
  public int valueOf(long key) {
    KeySegment segment = segments[segmentOf(key)];
    return segment == null || key == Fingerprints.NONE
        ? ABSENT
        : segment.valueOf(key, hashOf(key), ABSENT);
  }

  /**
   * Sets the number of a key, which may be new.
   *
   * @param value 0 or more
   * @throws DicmException {@code MEMORY_PLAN_TOO_LARGE}; the table is as it was then
   */
  public void put(long key, int value) {
    if (key == Fingerprints.NONE) {
      throw new IllegalArgumentException("Key 0 means none and cannot have a number");
    }
    int number = segmentOf(key);
    if (segments[number] == null) {
      segments[number] = new KeySegment(budget);
    }
    if (segments[number].put(key, hashOf(key), value)) {
      size++;
    }
  }

  /** Removes a key; nothing happens when it is not there. */
  public void remove(long key) {
    KeySegment segment = segments[segmentOf(key)];
    if (segment != null && key != Fingerprints.NONE && segment.remove(key, hashOf(key))) {
      size--;
    }
  }

  /** Frees the memory and forgets all keys. May be called again. */
  @Override
  public void close() {
    for (int i = 0; i < SEGMENTS; i++) {
      if (segments[i] != null) {
        segments[i].release();
        segments[i] = null;
      }
    }
    size = 0;
  }

  /** From the product's highest bits: a server's keys have low bits in common, the bucket's. */
  private static int segmentOf(long key) {
    return (int) (product(key) >>> SEGMENT_SHIFT);
  }

  /** The hash within a segment; its low bits and the segment's number share none of the product. */
  static int hashOf(long key) {
    long product = product(key);
    return (int) (product ^ (product >>> 32));
  }

  private static long product(long key) {
    return key * 0x9E3779B97F4A7C15L;
  }
}
