package io.dicm.trainer.evaluate;

import io.dicm.common.key.SplitMix64;

/**
 * How often each bootstrap replicate draws a user: Poisson with mean 1, which is what drawing n of
 * n users with replacement tends to, without knowing n (Chamandy et al., Estimating Uncertainty for
 * Massive Data Streams, 2012). A weight follows from the user and the replicate's number alone: the
 * same user has the same weights in every evaluation, on every machine.
 *
 * <p>A table gives the weight of each of 65,536 equally likely values, and one step of {@link
 * SplitMix64} four such values: about a nanosecond a weight. Safe for use by many threads.
 */
final class PoissonWeights {
  private static final long SEED = 0x6469636d2d626f6fL;
  private static final int VALUE_BITS = 16;
  private static final int VALUES = 1 << VALUE_BITS;
  private static final int VALUE_MASK = VALUES - 1;
  private static final byte[] TABLE = table();

  private final int replicates;

  PoissonWeights(int replicates) {
    this.replicates = replicates;
  }

  /** Columns of a row of weights: one of weight 1 for the metrics themselves, then replicates. */
  int columns() {
    return replicates + 1;
  }

  /**
   * Fills in a user's weights, [columns].
   *
   * @param userKey a hash of the user
   */
  void fill(long userKey, double[] weights) {
    weights[0] = 1;
    long state = SplitMix64.mix(userKey ^ SEED);
    int column = 1;
    while (column <= replicates) {
      state += SplitMix64.GAMMA;
      long values = SplitMix64.mix(state);
      int end = Math.min(column + Long.SIZE / VALUE_BITS, replicates + 1);
      for (; column < end; column++) {
        weights[column] = TABLE[(int) values & VALUE_MASK];
        values >>>= VALUE_BITS;
      }
    }
  }

  /** Value v has the weight whose cumulative probability is the first above (v + 0.5) / 65,536. */
  private static byte[] table() {
    byte[] table = new byte[VALUES];
    double probability = Math.exp(-1);
    double cumulative = probability;
    byte weight = 0;
    for (int value = 0; value < VALUES; value++) {
      while ((value + 0.5) / VALUES > cumulative) {
        weight++;
        probability /= weight;
        cumulative += probability;
      }
      table[value] = weight;
    }
    return table;
  }
}
