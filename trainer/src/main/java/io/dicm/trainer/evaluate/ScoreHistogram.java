package io.dicm.trainer.evaluate;

/**
 * Counts scores in bins that are narrow wherever the scores lie: a bin is what has the first 20
 * bits of a double in common, 1/256 of the score. 262,000 bins, 2 MiB. For one thread.
 */
final class ScoreHistogram {
  private static final int DROPPED_BITS = 44;

  /** Bins of scores from 0 to 1. */
  static final int BINS = bin(1) + 1;

  private final long[] counts = new long[BINS];

  /**
   * @param score 0 to 1
   */
  static int bin(double score) {
    // A zero may have a sign; this one has none.
    return (int) (Double.doubleToRawLongBits(score + 0.0) >>> DROPPED_BITS);
  }

  /** The least score of a bin. */
  static double leastScore(int bin) {
    return Double.longBitsToDouble((long) bin << DROPPED_BITS);
  }

  void add(int bin, long count) {
    counts[bin] += count;
  }

  long count(int bin) {
    return counts[bin];
  }
}
