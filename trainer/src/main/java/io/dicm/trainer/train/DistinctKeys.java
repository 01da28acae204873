package io.dicm.trainer.train;

import io.dicm.common.key.Fingerprints;
import java.util.Arrays;

/**
 * Numbers distinct 64-bit keys in the order in which they are first seen. An open-addressing hash
 * table with linear probing; keys are fingerprints, but are mixed again because equal low bits mean
 * an equal bucket. {@link Fingerprints#NONE} is no key. Not safe for use by many threads.
 */
public final class DistinctKeys {
  /** What {@link #find} gives for a key that is not there. */
  public static final int ABSENT = -1;

  private static final int LEAST_SLOTS = 16;

  private long[] slotKeys;
  private int[] slotNumbers;
  private long[] keys;
  private int size;

  /**
   * @param expected about how many keys will come; more are welcome
   */
  public DistinctKeys(int expected) {
    int slots = Math.max(LEAST_SLOTS, Integer.highestOneBit(Math.max(1, expected)) * 4);
    this.slotKeys = new long[slots];
    this.slotNumbers = new int[slots];
    this.keys = new long[slots / 2];
  }

  /** The key's number; a key not seen before gets the next one. */
  public int add(long key) {
    if (key == Fingerprints.NONE) {
      throw new IllegalArgumentException("The key of \"none\" has no number");
    }
    int slot = slot(key);
    if (slotKeys[slot] == key) {
      return slotNumbers[slot];
    }
    if (size == keys.length) {
      grow();
      slot = slot(key);
    }
    slotKeys[slot] = key;
    slotNumbers[slot] = size;
    keys[size] = key;
    return size++;
  }

  /** The key's number, or {@link #ABSENT}. */
  public int find(long key) {
    int slot = slot(key);
    return key != Fingerprints.NONE && slotKeys[slot] == key ? slotNumbers[slot] : ABSENT;
  }

  /** How many keys there are. */
  public int size() {
    return size;
  }

  /** A copy of the keys, by number. */
  public long[] keys() {
    return Arrays.copyOf(keys, size);
  }

  private int slot(long key) {
    int mask = slotKeys.length - 1;
    int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (slotKeys[slot] != Fingerprints.NONE && slotKeys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Twice the slots, so that at most half of them are ever taken. */
  private void grow() {
    slotKeys = new long[Math.multiplyExact(slotKeys.length, 2)];
    slotNumbers = new int[slotKeys.length];
    keys = Arrays.copyOf(keys, slotKeys.length / 2);
    for (int number = 0; number < size; number++) {
      int slot = slot(keys[number]);
      slotKeys[slot] = keys[number];
      slotNumbers[slot] = number;
    }
  }
}
