package io.dicm.ams.table;

import io.dicm.ams.compute.ComputeCrew;
import java.util.Arrays;
import java.util.List;

/**
 * Numbers the rows of several lists in the order of first appearance. A crew looks for repetitions
 * by parts of the rows' hashes, so that equal rows meet in one part, and then counts what was new:
 * the numbers are those that one thread gives.
 */
final class RowMerge {
  /** Fewer rows are not worth a thread. */
  private static final int LEAST_ROWS = 1 << 14;

  private final int[] rows;
  private final int[] uniqueRows;
  private final int[][] positions;

  /**
   * @param requests row numbers, 0 and up
   * @param crew merges; not closed here
   */
  RowMerge(List<int[]> requests, ComputeCrew crew) {
    this.rows = concatenated(requests);
    int parts = Math.min(crew.threads(), rows.length / LEAST_ROWS);
    int[] numbers = new int[rows.length];
    if (parts < 2) {
      this.uniqueRows = new FirstPlaces(rows.length).number(rows, numbers);
    } else {
      this.uniqueRows = merge(parts, numbers, crew);
    }
    this.positions = split(numbers, requests);
  }

  /** Each row once. */
  int[] uniqueRows() {
    return uniqueRows;
  }

  /** For each list the numbers of its rows. */
  int[][] positions() {
    return positions;
  }

  private static int[] concatenated(List<int[]> requests) {
    if (requests.size() == 1) {
      return requests.get(0);
    }
    int[] all = new int[requests.stream().mapToInt(rows -> rows.length).sum()];
    int from = 0;
    for (int[] some : requests) {
      System.arraycopy(some, 0, all, from, some.length);
      from += some.length;
    }
    return all;
  }

  private static int[][] split(int[] numbers, List<int[]> requests) {
    if (requests.size() == 1) {
      return new int[][] {numbers};
    }
    int[][] split = new int[requests.size()][];
    int from = 0;
    for (int r = 0; r < split.length; r++) {
      split[r] = Arrays.copyOfRange(numbers, from, from + requests.get(r).length);
      from += split[r].length;
    }
    return split;
  }

  /**
   * Merges by parts.
   *
   * @param numbers gets each row's number
   * @return each row once
   */
  private int[] merge(int parts, int[] numbers, ComputeCrew crew) {
    int[] firsts = new int[rows.length];
    crew.runEqually(
        parts,
        1,
        (from, count) -> {
          for (int part = (int) from; part < from + count; part++) {
            new FirstPlaces(rows.length / parts).find(rows, part, parts, firsts);
          }
        });
    int blockLength = (rows.length + parts - 1) / parts;
    int[] begins = new int[parts + 1];
    forBlocks(
        parts,
        blockLength,
        crew,
        (block, from, end) -> begins[block + 1] = firstsWithin(firsts, from, end));
    for (int block = 0; block < parts; block++) {
      begins[block + 1] += begins[block];
    }
    int[] unique = new int[begins[parts]];
    // Of a row's first place alone; the others look there when all of these are known.
    int[] ranks = new int[rows.length];
    forBlocks(
        parts,
        blockLength,
        crew,
        (block, from, end) -> {
          int rank = begins[block];
          for (int i = from; i < end; i++) {
            if (firsts[i] == i) {
              unique[rank] = rows[i];
              ranks[i] = rank++;
            }
          }
        });
    forBlocks(
        parts,
        blockLength,
        crew,
        (block, from, end) -> {
          for (int i = from; i < end; i++) {
            numbers[i] = ranks[firsts[i]];
          }
        });
    return unique;
  }

  private static int firstsWithin(int[] firsts, int from, int end) {
    int count = 0;
    for (int i = from; i < end; i++) {
      count += firsts[i] == i ? 1 : 0;
    }
    return count;
  }

  /** Works on the places {@code from .. end - 1}. */
  @FunctionalInterface
  private interface BlockWork {
    void work(int block, int from, int end);
  }

  private void forBlocks(int blocks, int blockLength, ComputeCrew crew, BlockWork work) {
    crew.runEqually(
        blocks,
        1,
        (from, count) -> {
          for (int block = (int) from; block < from + count; block++) {
            int first = Math.min(rows.length, block * blockLength);
            work.work(block, first, Math.min(rows.length, first + blockLength));
          }
        });
  }
}
