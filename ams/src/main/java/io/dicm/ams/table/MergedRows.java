package io.dicm.ams.table;

import java.util.Arrays;
import java.util.List;

/**
 * The rows that several requesters asked for, each row once, and where each requester finds its
 * own: scatters values to the requesters and adds up their gradients. Immutable.
 */
public final class MergedRows {
  private final int[] uniqueRows;
  private final int[][] positions;

  private MergedRows(int[] uniqueRows, int[][] positions) {
    this.uniqueRows = uniqueRows;
    this.positions = positions;
  }

  /**
   * Merges row lists in the order given, which also is the order in which gradients are added.
   *
   * @param requests one list of row numbers (0 and up) for each requester; repetitions are allowed
   */
  public static MergedRows of(List<int[]> requests) {
    RowNumbers numbers = new RowNumbers(requests.stream().mapToInt(rows -> rows.length).sum());
    int[][] positions = new int[requests.size()][];
    for (int r = 0; r < positions.length; r++) {
      positions[r] = Arrays.stream(requests.get(r)).map(numbers::positionOf).toArray();
    }
    return new MergedRows(numbers.inOrder(), positions);
  }

  /** Each row once, in the order of first appearance. Not copied: do not change. */
  public int[] uniqueRows() {
    return uniqueRows;
  }

  /** The number of requesters. */
  public int requesters() {
    return positions.length;
  }

  /** The number of rows asked for, repetitions included. */
  public long references() {
    return Arrays.stream(positions).mapToLong(rows -> rows.length).sum();
  }

  /**
   * One requester's values.
   *
   * @param requester its place in the list given to {@link #of}
   * @param values of the unique rows, [unique rows, columns]
   * @return [rows asked for, columns], in the requester's order
   */
  public float[] scatter(int requester, float[] values, int columns) {
    int[] rows = positions[requester];
    float[] out = new float[Math.multiplyExact(rows.length, columns)];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(values, rows[i] * columns, out, i * columns, columns);
    }
    return out;
  }

  /**
   * Adds the requesters' gradients row by row, requester after requester, and scales the sums.
   *
   * @param gradients [rows asked for, columns] for each requester, in its order
   * @return [unique rows, columns]
   */
  public float[] sum(List<float[]> gradients, int columns, float scale) {
    float[] sums = new float[Math.multiplyExact(uniqueRows.length, columns)];
    for (int r = 0; r < positions.length; r++) {
      addTo(sums, gradients.get(r), positions[r], columns);
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] *= scale;
    }
    return sums;
  }

  private static void addTo(float[] sums, float[] gradients, int[] rows, int columns) {
    for (int i = 0; i < rows.length; i++) {
      int to = rows[i] * columns;
      int from = i * columns;
      for (int c = 0; c < columns; c++) {
        sums[to + c] += gradients[from + c];
      }
    }
  }

  /** Numbers rows in the order of first appearance: a small hash table for one merge. */
  private static final class RowNumbers {
    private final int[] slotRows;
    private final int[] slotPositions;
    private final int[] order;
    private int size;

    private RowNumbers(int atMost) {
      int slots = Integer.highestOneBit(Math.max(8, atMost)) * 4;
      slotRows = new int[slots];
      Arrays.fill(slotRows, KeyIndex.ABSENT);
      slotPositions = new int[slots];
      order = new int[atMost];
    }

    private int positionOf(int row) {
      int mask = slotRows.length - 1;
      int slot = ((row * 0x9E3779B9) >>> 7) & mask;
      while (slotRows[slot] != KeyIndex.ABSENT && slotRows[slot] != row) {
        slot = (slot + 1) & mask;
      }
      if (slotRows[slot] == KeyIndex.ABSENT) {
        slotRows[slot] = row;
        slotPositions[slot] = size;
        order[size++] = row;
      }
      return slotPositions[slot];
    }

    private int[] inOrder() {
      return Arrays.copyOf(order, size);
    }
  }
}
