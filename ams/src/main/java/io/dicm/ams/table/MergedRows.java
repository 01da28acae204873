package io.dicm.ams.table;

import io.dicm.ams.compute.ComputeCrew;
import java.util.Arrays;
import java.util.List;

/**
 * The rows that several requesters asked for, each row once, and where each requester finds its
 * own: scatters values to the requesters and adds up their gradients. What is added is added in one
 * order, so that sums have the same bits whoever adds. Immutable.
 */
public final class MergedRows {
  /** Fewer rows are not worth a thread. */
  private static final int LEAST_ROWS = 4096;

  private final int[] uniqueRows;

  /** Where each requester's rows are among the unique ones; null for one that has just those. */
  private final int[][] positions;

  private final ComputeCrew crew;

  private MergedRows(int[] uniqueRows, int[][] positions, ComputeCrew crew) {
    this.uniqueRows = uniqueRows;
    this.positions = positions;
    this.crew = crew;
  }

  /** Merges row lists on the calling thread; see the method with a crew. */
  public static MergedRows of(List<int[]> requests) {
    return of(requests, ComputeCrew.alone());
  }

  /**
   * Merges row lists in the order given, which also is the order in which gradients are added.
   *
   * @param requests one list of row numbers (0 and up) for each requester; repetitions are allowed
   * @param crew merges, scatters and adds; not closed here
   */
  public static MergedRows of(List<int[]> requests, ComputeCrew crew) {
    RowMerge merge = new RowMerge(requests, crew);
    return new MergedRows(merge.uniqueRows(), merge.positions(), crew);
  }

  /**
   * The rows of a single requester that asked for each of them once.
   *
   * @param rows not copied: do not change
   * @param crew scatters and adds; not closed here
   */
  public static MergedRows ofDistinct(int[] rows, ComputeCrew crew) {
    return new MergedRows(rows, new int[1][], crew);
  }

  /** Each row once, in the order of first appearance. Not copied: do not change. */
  public int[] uniqueRows() {
    return uniqueRows;
  }

  /** The number of requesters. */
  public int requesters() {
    return positions.length;
  }

  /** Whether there is one requester, who asked for just the unique rows in their order. */
  public boolean areOneRequesters() {
    return positions.length == 1 && positions[0] == null;
  }

  /** The number of rows asked for, repetitions included. */
  public long references() {
    return Arrays.stream(positions)
        .mapToLong(rows -> rows == null ? uniqueRows.length : rows.length)
        .sum();
  }

  /**
   * One requester's values.
   *
   * @param requester its place in the list given to {@link #of}
   * @param values of the unique rows, [unique rows, columns]
   * @return [rows asked for, columns], in the requester's order; {@code values} itself for one that
   *     asked for just the unique rows
   */
  public float[] scatter(int requester, float[] values, int columns) {
    int[] rows = positions[requester];
    if (rows == null) {
      return values;
    }
    float[] out = new float[Math.multiplyExact(rows.length, columns)];
    crew.run(
        crew.pieces(
            rows.length,
            LEAST_ROWS,
            (from, count) -> {
              for (int i = (int) from; i < from + count; i++) {
                System.arraycopy(values, rows[i] * columns, out, i * columns, columns);
              }
            }));
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
    sum(gradients, columns, scale, sums);
    return sums;
  }

  /**
   * The same into an array that is there already.
   *
   * @param sums gets [unique rows, columns]; what was in it does not matter, it may be longer
   */
  public void sum(List<float[]> gradients, int columns, float scale, float[] sums) {
    crew.runEqually(
        uniqueRows.length,
        LEAST_ROWS,
        (from, count) -> {
          int first = (int) from * columns;
          int end = (int) (from + count) * columns;
          if (areOneRequesters()) {
            scaled(gradients.get(0), scale, sums, first, end);
          } else {
            summed(gradients, columns, scale, sums, first, end);
          }
        });
  }

  /** A sum begins with 0, which makes a negative zero positive. */
  private static void scaled(float[] gradients, float scale, float[] sums, int first, int end) {
    for (int i = first; i < end; i++) {
      sums[i] = (0f + gradients[i]) * scale;
    }
  }

  private void summed(
      List<float[]> gradients, int columns, float scale, float[] sums, int first, int end) {
    Arrays.fill(sums, first, end, 0);
    for (int r = 0; r < positions.length; r++) {
      add(gradients.get(r), positions[r], columns, sums, first, end);
    }
    for (int i = first; i < end; i++) {
      sums[i] *= scale;
    }
  }

  /**
   * Adds a requester's gradients to some of the sums.
   *
   * @param first where those begin
   * @param end where others begin
   */
  private static void add(
      float[] gradients, int[] rows, int columns, float[] sums, int first, int end) {
    for (int i = 0; i < rows.length; i++) {
      int to = rows[i] * columns;
      if (to >= first && to < end) {
        int from = i * columns;
        for (int c = 0; c < columns; c++) {
          sums[to + c] += gradients[from + c];
        }
      }
    }
  }
}
