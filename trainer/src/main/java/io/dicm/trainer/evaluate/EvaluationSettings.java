package io.dicm.trainer.evaluate;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
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

  static EvaluationSettings of(Configuration hadoop) {
    DicmConfiguration conf = DicmConfiguration.of(hadoop);
    return new EvaluationSettings(
        conf.integer(DicmKeys.EVALUATE_BOOTSTRAP_REPLICATES, 0, MOST_REPLICATES),
        conf.integer(DicmKeys.EVALUATE_CATEGORIES, 0, MOST_CATEGORIES),
        conf.integer(DicmKeys.EVALUATE_REDUCERS, 1, MOST_REDUCERS));
  }
}
