package io.dicm.trainer.network;

import java.util.Arrays;

/**
 * Sequences of different lengths laid out step by step, without padding: the rows of step t, one of
 * each sequence that has more than t, lie together, the longest sequence's first. So a step goes
 * through all sequences at a time, and the sequences of a step are the first ones of the step
 * before. Immutable.
 */
final class SequenceSteps {
  private final int[] order;
  private final long[] sizes;
  private final int[] starts;
  private final int rows;

  /**
   * @param lengths rows of each sequence, 0 for one that takes no part
   */
  SequenceSteps(int[] lengths) {
    this.order = longestFirst(lengths);
    int steps = order.length == 0 ? 0 : lengths[order[0]];
    this.sizes = new long[steps];
    this.starts = new int[steps];
    int sequences = order.length;
    int next = 0;
    for (int step = 0; step < steps; step++) {
      while (lengths[order[sequences - 1]] <= step) {
        sequences--;
      }
      sizes[step] = sequences;
      starts[step] = next;
      next += sequences;
    }
    this.rows = next;
  }

  /** Equally long ones in their order. */
  private static int[] longestFirst(int[] lengths) {
    long[] keys = new long[lengths.length];
    int count = 0;
    for (int sequence = 0; sequence < lengths.length; sequence++) {
      if (lengths[sequence] > 0) {
        keys[count++] = ((long) (Integer.MAX_VALUE - lengths[sequence]) << Integer.SIZE) | sequence;
      }
    }
    Arrays.sort(keys, 0, count);
    return Arrays.stream(keys, 0, count).mapToInt(key -> (int) key).toArray();
  }

  /** Rows of all sequences. */
  int rows() {
    return rows;
  }

  /** Steps of the longest sequence. */
  int steps() {
    return sizes.length;
  }

  /** Sequences that have a row at each step, [steps]; they never become more. */
  long[] sizes() {
    return sizes.clone();
  }

  /** The numbers of the sequences that have rows, longest first. */
  int[] order() {
    return order.clone();
  }

  /** The row at a step of the sequence at a place of {@link #order()}. */
  int row(int step, int place) {
    return starts[step] + place;
  }
}
