package io.dicm.ams.table;

import io.dicm.common.key.Fingerprints;

/**
 * Gives 64-bit keys consecutive row numbers from 0: an open-addressing hash table with linear
 * probing that doubles when it is 60 % full. The key {@link Fingerprints#NONE} is never in it. Not
 * safe for use by many threads.
 */
public final class KeyIndex {
  /** What {@link #rowOf} answers for a key that is not there. */
  public static final int ABSENT = -1;

  /** One slot's key and row number, and the free slots that the load factor asks for. */
  private static final double BYTES_PER_KEY_AT_MOST = 2 * 12 / 0.6;

  private static final double MAX_LOAD = 0.6;
  private static final int MIN_SLOTS = 16;

  private long[] keys;
  private int[] rows;
  private int size;

  /** An empty index with room for {@code expectedKeys} before it grows. */
  public KeyIndex(int expectedKeys) {
    int slots = MIN_SLOTS;
    while (slots * MAX_LOAD < expectedKeys) {
      slots = Math.multiplyExact(slots, 2);
    }
    allocate(slots);
  }

  /** Heap bytes that an index of this many keys takes at most. */
  public static long bytesFor(long keys) {
    return (long) (MIN_SLOTS * 12 + keys * BYTES_PER_KEY_AT_MOST);
  }

  /** The number of keys; the next new key gets this row. */
  public int size() {
    return size;
  }

  /** The key's row, or {@link #ABSENT}. */
  public int rowOf(long key) {
    int slot = slotOf(key);
    return keys[slot] == key && key != Fingerprints.NONE ? rows[slot] : ABSENT;
  }

  /** Adds a key that is not there yet. Returns its row, or {@link #ABSENT} when it was there. */
  public int add(long key) {
    if (key == Fingerprints.NONE) {
      throw new IllegalArgumentException("Key 0 means none and cannot have a row");
    }
    int slot = slotOf(key);
    if (keys[slot] == key) {
      return ABSENT;
    }
    if (size + 1 > keys.length * MAX_LOAD) {
      grow();
      slot = slotOf(key);
    }
    keys[slot] = key;
    rows[slot] = size;
    return size++;
  }

  /** The slot that holds the key, or the free one where it belongs. */
  private int slotOf(long key) {
    int mask = keys.length - 1;
    int slot = (int) spread(key) & mask;
    while (keys[slot] != Fingerprints.NONE && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** A server's keys have some of their low bits in common: the bucket's. */
  private static long spread(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 32);
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldRows = rows;
    allocate(Math.multiplyExact(oldKeys.length, 2));
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != Fingerprints.NONE) {
        int slot = slotOf(oldKeys[i]);
        keys[slot] = oldKeys[i];
        rows[slot] = oldRows[i];
      }
    }
  }

  private void allocate(int slots) {
    keys = new long[slots];
    rows = new int[slots];
  }
}
