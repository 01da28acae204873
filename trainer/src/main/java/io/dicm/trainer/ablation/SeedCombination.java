package io.dicm.trainer.ablation;

import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * Combines the seeds of a variant to a mean with a 95 % interval in which both what another seed
 * and what other test users would have changed count.
 *
 * <p>Let d_s be the value of seed s, and d_sb that of its bootstrap replicate b, with the same
 * users in replicate b of every seed.
 *
 * <ul>
 *   <li>The mean is that of all d_s.
 *   <li>Users: U is the variance over b of the mean over s of d_sb. Since all seeds are tested on
 *       the same users, their errors go together and more seeds do not make U small.
 *   <li>Seeds: S is the variance of d_s, divided by the number of seeds. With one seed it is not
 *       known, and the interval is that of the users alone.
 *   <li>The interval is mean +- sqrt(z^2 U + t^2 S): each part's own half-width, put together as
 *       independent errors are. z is 1.96, since U is of many replicates; t is Student's with seeds
 *       - 1 degrees of freedom (4.30 for three seeds), since S is of few seeds. One t for U + S
 *       with the degrees of freedom of Welch and Satterthwaite has too narrow intervals with two or
 *       three seeds: these are close together now and then, and then S and the doubt about it are
 *       both small.
 * </ul>
 *
 * <p>What seeds and users do together is in both U and S, so the interval is a little too wide.
 * Replicates that are not defined are left out; where more than a tenth are not there is no
 * interval.
 */
final class SeedCombination {
  private static final double CONFIDENCE = .95;

  /** The quantile of the normal distribution. */
  private static final double NORMAL = 1.959964;

  /** With fewer the deviation over users is a guess. */
  private static final int LEAST_REPLICATES = 20;

  /**
   * Of few users a metric is often not defined, and the replicates that are left have too much in
   * common: their deviation would be too small. As for the intervals of a single run.
   */
  private static final double LEAST_DEFINED = .9;

  /**
   * The mean and its interval.
   *
   * @param seeds one or more
   * @return nothing when the value of a seed is not defined or too few replicates are
   * @throws IllegalArgumentException when seeds have different numbers of replicates
   */
  Optional<Estimate> combine(List<SeedValue> seeds) {
    double[] values = seeds.stream().mapToDouble(SeedValue::value).toArray();
    double[] all = means(seeds);
    double[] replicates = DoubleStream.of(all).filter(value -> !Double.isNaN(value)).toArray();
    double mean = DoubleStream.of(values).average().orElse(Double.NaN);
    boolean enough = replicates.length >= Math.max(LEAST_REPLICATES, LEAST_DEFINED * all.length);
    if (Double.isNaN(mean) || !enough) {
      return Optional.empty();
    }
    double users = variance(replicates);
    double single = values.length == 1 ? 0 : variance(values);
    double seedPart = single / values.length;
    double halfWidth =
        Math.sqrt(NORMAL * NORMAL * users + square(quantile(values.length)) * seedPart);
    return Optional.of(
        new Estimate(
            mean, mean - halfWidth, mean + halfWidth, Math.sqrt(single), Math.sqrt(users)));
  }

  /** Of a variance that so many seeds tell; with one seed the variance is 0. */
  private static double quantile(int seeds) {
    return seeds == 1 ? 0 : new StudentDistribution(seeds - 1).twoSidedQuantile(CONFIDENCE);
  }

  private static double square(double value) {
    return value * value;
  }

  /** Of each replicate over the seeds. */
  private static double[] means(List<SeedValue> seeds) {
    double[] means = new double[seeds.get(0).replicates().length];
    for (SeedValue seed : seeds) {
      if (seed.replicates().length != means.length) {
        throw new IllegalArgumentException(
            "Seeds have %d and %d replicates".formatted(means.length, seed.replicates().length));
      }
      for (int i = 0; i < means.length; i++) {
        means[i] += seed.replicates()[i] / seeds.size();
      }
    }
    return means;
  }

  /** The unbiased one. */
  private static double variance(double[] values) {
    double mean = DoubleStream.of(values).average().orElse(Double.NaN);
    return DoubleStream.of(values).map(value -> (value - mean) * (value - mean)).sum()
        / (values.length - 1);
  }
}
