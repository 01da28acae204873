package io.dicm.trainer.evaluate;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/**
 * What is configured about evaluation.
 *
 * @param bootstrapReplicates behind each interval, 0 for no intervals
 * @param categories the largest ones that have a part of their own
 * @param reducers reduce tasks
 */
record EvaluationSettings(int bootstrapReplicates, int categories, int reducers) {
  private static final int MOST_REPLICATES = 10_000;
  private static final int MOST_CATEGORIES = 1_000;
  private static final int MOST_REDUCERS = 1_000;

  /**
   * Of replicates and categories: a reduce task has nine numbers of 8 bytes for each replicate of
   * each part, so that these take 72 MB; the driver, which has the replicates of each metric too,
   * needs twice as much.
   */
  private static final long MOST_SUMS = 1_000_000;

  /**
   * Reads the configuration.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for a value out of range, or for
   *     more replicates of categories than fit in memory
   */
  static EvaluationSettings of(Configuration hadoop) {
    DicmConfiguration conf = DicmConfiguration.of(hadoop);
    EvaluationSettings settings =
        new EvaluationSettings(
            conf.integer(DicmKeys.EVALUATE_BOOTSTRAP_REPLICATES, 0, MOST_REPLICATES),
            conf.integer(DicmKeys.EVALUATE_CATEGORIES, 0, MOST_CATEGORIES),
            conf.integer(DicmKeys.EVALUATE_REDUCERS, 1, MOST_REDUCERS));
    settings.requireMemory();
    return settings;
  }

  private void requireMemory() {
    long sums = (long) bootstrapReplicates * categories;
    if (sums > MOST_SUMS) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          String.format(
              Locale.ROOT,
              "Cannot evaluate with %s=%d and %s=%d: their product was %d, allowed is %d, since"
                  + " each replicate of each category is in memory. Lower one of them.",
              DicmKeys.EVALUATE_BOOTSTRAP_REPLICATES,
              bootstrapReplicates,
              DicmKeys.EVALUATE_CATEGORIES,
              categories,
              sums,
              MOST_SUMS));
    }
  }
}
