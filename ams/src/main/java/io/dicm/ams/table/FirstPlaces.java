package io.dicm.ams.table;

import java.util.Arrays;

/**
 * A small hash table for one merge: where a row was first, by row. Doubles when it is half full.
 * Not safe for use by many threads.
 */
final class FirstPlaces {
  private static final int LEAST_SLOTS = 32;

  /** Rows plus 1; 0 marks a free slot. */
  private int[] slotRows;

  private int[] slotValues;
  private int size;

  /**
   * @param expected rows
   */
  FirstPlaces(int expected) {
    allocate(Math.max(LEAST_SLOTS, Integer.highestOneBit(Math.max(1, expected)) * 4));
  }

  /**
   * Numbers all rows in the order of first appearance.
   *
   * @param numbers gets each row's
   * @return each row once, in that order
   */
  int[] number(int[] rows, int[] numbers) {
    int[] unique = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      numbers[i] = valueOf(rows[i], hash(rows[i]), size);
      unique[numbers[i]] = rows[i];
    }
    return Arrays.copyOf(unique, size);
  }

  /**
   * Finds the first places of the rows whose hash is in one part of all.
   *
   * @param firsts gets those of the part's rows
   */
  void find(int[] rows, int part, int parts, int[] firsts) {
    for (int i = 0; i < rows.length; i++) {
      int hash = hash(rows[i]);
      if ((int) (((hash & 0xFFFFFFFFL) * parts) >>> Integer.SIZE) == part) {
        firsts[i] = valueOf(rows[i], hash, i);
      }
    }
  }

  /** The value of a row that is there, or {@code ifNew}, which it has from now on. */
  private int valueOf(int row, int hash, int ifNew) {
    int slot = slotOf(row, hash);
    if (slotRows[slot] != 0) {
      return slotValues[slot];
    }
    slotRows[slot] = row + 1;
    slotValues[slot] = ifNew;
    size++;
    if (2 * size > slotRows.length) {
      grow();
    }
    return ifNew;
  }

  /** The slot that holds the row, or the free one where it belongs. */
  private int slotOf(int row, int hash) {
    int mask = slotRows.length - 1;
    int slot = (hash >>> 7) & mask;
    while (slotRows[slot] != 0 && slotRows[slot] != row + 1) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    int[] oldRows = slotRows;
    int[] oldValues = slotValues;
    allocate(Math.multiplyExact(oldRows.length, 2));
    for (int i = 0; i < oldRows.length; i++) {
      if (oldRows[i] != 0) {
        int slot = slotOf(oldRows[i] - 1, hash(oldRows[i] - 1));
        slotRows[slot] = oldRows[i];
        slotValues[slot] = oldValues[i];
      }
    }
  }

  private void allocate(int slots) {
    slotRows = new int[slots];
    slotValues = new int[slots];
  }

  private static int hash(int row) {
    return row * 0x9E3779B9;
  }
}
