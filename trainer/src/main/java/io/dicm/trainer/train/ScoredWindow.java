package io.dicm.trainer.train;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Scored impressions, ranked exactly: an impression is one long, so that sorting them is sorting
 * primitive values. For one thread.
 */
final class ScoredWindow {
  private static final int FIRST_LENGTH = 1024;

  /** Bits of a probability as a float: its sign is never set. */
  private static final int SCORE_BITS = 31;

  private final Map<String, Integer> users = new HashMap<>();
  private long[] keys = new long[FIRST_LENGTH];
  private int impressions;

  /**
   * AUCs times their weights.
   *
   * @param weightedSum sum of AUC times impressions
   * @param weight sum of the impressions, 0 where no AUC was defined
   */
  record Ranking(double weightedSum, long weight) {}

  /** The number of a user in this window, from 0. */
  int numberOf(String userId) {
    return users.computeIfAbsent(userId, id -> users.size());
  }

  /**
   * Adds an impression.
   *
   * @param user from {@link #numberOf}
   * @param probability 0 to 1
   */
  void add(int user, float probability, boolean click) {
    if (impressions == keys.length) {
      keys = Arrays.copyOf(keys, Math.multiplyExact(impressions, 2));
    }
    long score = Float.floatToRawIntBits(probability) & Integer.MAX_VALUE;
    keys[impressions++] = (long) user << (SCORE_BITS + 1) | score << 1 | (click ? 1 : 0);
  }

  int impressions() {
    return impressions;
  }

  /** All impressions as one group. */
  Ranking auc() {
    long[] scores = new long[impressions];
    long mask = (1L << (SCORE_BITS + 1)) - 1;
    for (int i = 0; i < impressions; i++) {
      scores[i] = keys[i] & mask;
    }
    Arrays.sort(scores);
    return ranking(scores, 0, impressions);
  }

  /** A group for each user; those whose labels are all equal are left out. */
  Ranking gauc() {
    long[] sorted = Arrays.copyOf(keys, impressions);
    Arrays.sort(sorted);
    double sum = 0;
    long weight = 0;
    int from = 0;
    while (from < impressions) {
      int to = from + 1;
      while (to < impressions
          && sorted[to] >>> (SCORE_BITS + 1) == sorted[from] >>> (SCORE_BITS + 1)) {
        to++;
      }
      Ranking one = ranking(sorted, from, to);
      sum += one.weightedSum();
      weight += one.weight();
      from = to;
    }
    return new Ranking(sum, weight);
  }

  /** Of one group whose keys ascend: equal scores count half. */
  private static Ranking ranking(long[] sorted, int from, int to) {
    long clicks = 0;
    long others = 0;
    double won = 0;
    int at = from;
    while (at < to) {
      long score = sorted[at] >>> 1;
      long tiedClicks = 0;
      long tied = 0;
      while (at < to && sorted[at] >>> 1 == score) {
        tiedClicks += sorted[at] & 1;
        tied++;
        at++;
      }
      won += tiedClicks * (others + (tied - tiedClicks) / 2.0);
      clicks += tiedClicks;
      others += tied - tiedClicks;
    }
    boolean defined = clicks > 0 && others > 0;
    return defined
        ? new Ranking(won / ((double) clicks * others) * (to - from), to - from)
        : new Ranking(0, 0);
  }
}
