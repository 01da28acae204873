package io.dicm.trainer.evaluate;

import java.util.Arrays;
import java.util.Optional;

/** Turns the values of a metric in bootstrap replicates into an interval. */
final class BootstrapInterval {
  private static final double TAIL = 0.025;

  /** An interval of few replicates would say more about those that are left out. */
  private static final double LEAST_DEFINED = 0.9;

  private BootstrapInterval() {}

  /**
   * The 95 % percentile interval: the 2.5 % and 97.5 % quantiles, linear between order statistics
   * (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13).
   *
   * @param replicates those that are not a number do not count
   * @return none when there are no replicates, or more than a tenth of them are not a number
   */
  static Optional<Interval> of(double[] replicates) {
    double[] sorted = Arrays.stream(replicates).filter(Double::isFinite).sorted().toArray();
    if (sorted.length == 0 || sorted.length < LEAST_DEFINED * replicates.length) {
      return Optional.empty();
    }
    return Optional.of(new Interval(quantile(sorted, TAIL), quantile(sorted, 1 - TAIL)));
  }

  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
