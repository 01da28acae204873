package io.dicm.trainer.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A batch's pairs of a behaviour and the impression that asks about it, listed from both sides.
 * Made of plain arrays, on whichever thread assembles batches.
 *
 * @param behaviors unique behaviours, b
 * @param behaviorOfPair a behaviour a pair, impression after impression, [r]
 * @param offsets where each impression's pairs begin, and at last r, [m + 1]
 * @param impressionOfPair an impression a pair, behaviour after behaviour, ascending within each,
 *     [r]
 * @param pieces parts of {@code impressionOfPair} of at most {@link #MOST_PAIRS} pairs of one
 *     behaviour, so that none keeps the others waiting: four numbers each, the behaviour, begin,
 *     end, and the row of the results; a behaviour without pairs has one empty piece
 * @param divided behaviours of several pieces: four numbers each, the behaviour, its first row in
 *     the results and the end of its rows there, 0
 * @param resultRows rows of the results: one a behaviour, then one a piece of the divided ones
 */
public record PairIndex(
    int behaviors,
    int[] behaviorOfPair,
    int[] offsets,
    int[] impressionOfPair,
    int[] pieces,
    int[] divided,
    int resultRows) {
  /** Most pairs of a piece. */
  static final int MOST_PAIRS = 256;

  /** Numbers that a piece is. */
  static final int PIECE_NUMBERS = 4;

  /**
   * Of bags of behaviours.
   *
   * @param behaviorOfPair a behaviour a pair, impression after impression, [r]
   * @param begins where each impression's pairs begin, [m]
   * @param behaviors unique behaviours
   */
  public static PairIndex of(int[] behaviorOfPair, int[] begins, int behaviors) {
    return of(behaviorOfPair, begins, behaviors, MOST_PAIRS);
  }

  static PairIndex of(int[] behaviorOfPair, int[] begins, int behaviors, int mostPairs) {
    int[] offsets = Arrays.copyOf(begins, begins.length + 1);
    offsets[begins.length] = behaviorOfPair.length;
    int[] ends = ends(behaviorOfPair, behaviors);
    int[] impressionOfPair = impressionOfPair(behaviorOfPair, offsets, ends);
    return cut(behaviorOfPair, offsets, impressionOfPair, ends, mostPairs);
  }

  /** Where each behaviour's pairs end, when they are listed behaviour after behaviour. */
  private static int[] ends(int[] behaviorOfPair, int behaviors) {
    int[] ends = new int[behaviors];
    for (int behavior : behaviorOfPair) {
      ends[behavior]++;
    }
    Arrays.parallelPrefix(ends, Integer::sum);
    return ends;
  }

  private static int[] impressionOfPair(int[] behaviorOfPair, int[] offsets, int[] ends) {
    int[] next = new int[ends.length];
    System.arraycopy(ends, 0, next, Math.min(1, ends.length), Math.max(0, ends.length - 1));
    int[] impressionOfPair = new int[behaviorOfPair.length];
    for (int impression = 0; impression + 1 < offsets.length; impression++) {
      for (int pair = offsets[impression]; pair < offsets[impression + 1]; pair++) {
        impressionOfPair[next[behaviorOfPair[pair]]++] = impression;
      }
    }
    return impressionOfPair;
  }

  private static PairIndex cut(
      int[] behaviorOfPair, int[] offsets, int[] impressionOfPair, int[] ends, int mostPairs) {
    int behaviors = ends.length;
    int[] pieces = new int[PIECE_NUMBERS * (behaviors + behaviorOfPair.length / mostPairs)];
    List<Integer> divided = new ArrayList<>();
    int row = behaviors;
    int at = 0;
    for (int behavior = 0, begin = 0; behavior < behaviors; begin = ends[behavior], behavior++) {
      int end = ends[behavior];
      boolean whole = end - begin <= mostPairs;
      int first = row;
      int from = begin;
      do {
        int to = whole ? end : Math.min(end, from + mostPairs);
        pieces[at++] = behavior;
        pieces[at++] = from;
        pieces[at++] = to;
        pieces[at++] = whole ? behavior : row++;
        from = to;
      } while (from < end);
      if (!whole) {
        divided.addAll(List.of(behavior, first, row, 0));
      }
    }
    return new PairIndex(
        behaviors,
        behaviorOfPair,
        offsets,
        impressionOfPair,
        Arrays.copyOf(pieces, at),
        divided.stream().mapToInt(Integer::intValue).toArray(),
        row);
  }

  /** Pairs, r. */
  public int pairs() {
    return behaviorOfPair.length;
  }

  /** Impressions, m. */
  public int impressions() {
    return offsets.length - 1;
  }
}
