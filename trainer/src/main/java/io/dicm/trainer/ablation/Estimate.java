package io.dicm.trainer.ablation;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A mean over seeds with its 95 % interval, as {@link SeedCombination} makes it.
 *
 * @param value the mean
 * @param low the interval's lower end
 * @param high the interval's upper end
 * @param seedDeviation standard deviation of the single seeds' values, 0 when there is one seed
 * @param userDeviation standard deviation of the mean that is due to the choice of test users
 */
public record Estimate(
    double value,
    double low,
    double high,
    @JsonProperty("seed_deviation") double seedDeviation,
    @JsonProperty("user_deviation") double userDeviation) {
  /** Checks that all are finite and in order. */
  public Estimate {
    if (!(low <= value && value <= high) || Double.isInfinite(high - low)) {
      throw new IllegalArgumentException(
          "No interval: %s is not within %s and %s".formatted(value, low, high));
    }
  }

  /** Whether the interval lies above 0. */
  public boolean showsGain() {
    return low > 0;
  }
}
