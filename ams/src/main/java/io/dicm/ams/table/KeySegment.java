package io.dicm.ams.table;

import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.memory.NativeBlock;
import io.dicm.common.key.Fingerprints;
import java.nio.ByteBuffer;

/**
 * One of the small hash tables that make a {@link NativeKeyTable}: open addressing with linear
 * probing, outside the Java heap, doubled when it is 60 % full. Removing closes the gap, so that
 * there are no marks of what was removed. A slot is a key and its value, 12 bytes; {@link
 * Fingerprints#NONE} marks a free one.
 */
final class KeySegment {
  private static final int SLOT_BYTES = Long.BYTES + Integer.BYTES;
  private static final int MIN_SLOTS = 16;
  private static final double MAX_LOAD = 0.6;
  private static final int NOT_FOUND = -1;

  private final MemoryBudget budget;
  private NativeBlock block;
  private int slots = MIN_SLOTS;
  private int size;

  KeySegment(MemoryBudget budget) {
    this.budget = budget;
    this.block = NativeBlock.zeroed(budget, MIN_SLOTS * SLOT_BYTES);
  }

  /** Bytes that a segment of this many keys takes at most: it may just have been doubled. */
  static long bytesFor(long keys) {
    return Math.max(MIN_SLOTS, (long) Math.ceil(2 * keys / MAX_LOAD)) * SLOT_BYTES;
  }

  /** The key's value, or {@code absent}. */
  int valueOf(long key, int hash, int absent) {
    ByteBuffer bytes = block.bytes();
    int slot = find(bytes, key, hash);
    return slot == NOT_FOUND ? absent : value(bytes, slot);
  }

  /** Sets the key's value. Returns whether the key is new. */
  boolean put(long key, int hash, int value) {
    int slot = find(block.bytes(), key, hash);
    boolean isNew = slot == NOT_FOUND;
    if (isNew) {
      if (size + 1 > slots * MAX_LOAD) {
        grow();
      }
      slot = free(block.bytes(), hash, slots);
      size++;
    }
    set(block.bytes(), slot, key, value);
    return isNew;
  }

  /** Removes the key. Returns whether it was there. */
  boolean remove(long key, int hash) {
    ByteBuffer bytes = block.bytes();
    int gap = find(bytes, key, hash);
    if (gap == NOT_FOUND) {
      return false;
    }
    int mask = slots - 1;
    for (int slot = (gap + 1) & mask; ; slot = (slot + 1) & mask) {
      long next = key(bytes, slot);
      if (next == Fingerprints.NONE) {
        break;
      }
      int home = NativeKeyTable.hashOf(next) & mask;
      // It may fill the gap unless its search begins after the gap.
      if (((slot - home) & mask) >= ((slot - gap) & mask)) {
        set(bytes, gap, next, value(bytes, slot));
        gap = slot;
      }
    }
    set(bytes, gap, Fingerprints.NONE, 0);
    size--;
    return true;
  }

  void release() {
    block.release();
  }

  private int find(ByteBuffer bytes, long key, int hash) {
    int mask = slots - 1;
    for (int slot = hash & mask; ; slot = (slot + 1) & mask) {
      long there = key(bytes, slot);
      if (there == key) {
        return slot;
      }
      if (there == Fingerprints.NONE) {
        return NOT_FOUND;
      }
    }
  }

  private static int free(ByteBuffer bytes, int hash, int slots) {
    int mask = slots - 1;
    int slot = hash & mask;
    while (key(bytes, slot) != Fingerprints.NONE) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    int moreSlots = Math.multiplyExact(slots, 2);
    NativeBlock larger = NativeBlock.zeroed(budget, Math.multiplyExact(moreSlots, SLOT_BYTES));
    ByteBuffer from = block.bytes();
    ByteBuffer to = larger.bytes();
    for (int slot = 0; slot < slots; slot++) {
      long key = key(from, slot);
      if (key != Fingerprints.NONE) {
        set(to, free(to, NativeKeyTable.hashOf(key), moreSlots), key, value(from, slot));
      }
    }
    block.release();
    block = larger;
    slots = moreSlots;
  }

  private static long key(ByteBuffer bytes, int slot) {
    return bytes.getLong(slot * SLOT_BYTES);
  }

  private static int value(ByteBuffer bytes, int slot) {
    return bytes.getInt(slot * SLOT_BYTES + Long.BYTES);
  }

  private static void set(ByteBuffer bytes, int slot, long key, int value) {
    bytes.putLong(slot * SLOT_BYTES, key);
    bytes.putInt(slot * SLOT_BYTES + Long.BYTES, value);
  }
}
