package io.dicm.trainer.samplejob;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import org.apache.hadoop.conf.Configuration;

/**
 * What is configured about samples.
 *
 * @param maxBehaviors most behaviours of a sample
 * @param windowDays days in which behaviours count, 0 for any age
 * @param sharedImages directory of near-duplicates that share a key, empty for none
 * @param split the rule as text
 * @param reducers files of each split
 * @param maxBadFraction bad rows, 0 to 1 of all, above which the job fails
 */
record SampleSettings(
    int maxBehaviors,
    int windowDays,
    String sharedImages,
    String split,
    int reducers,
    double maxBadFraction) {
  private static final int MOST_BEHAVIORS = 10_000;
  private static final int MOST_DAYS = 36_500;
  private static final int MOST_REDUCERS = 10_000;

  static SampleSettings of(Configuration hadoop) {
    DicmConfiguration conf = DicmConfiguration.of(hadoop);
    return new SampleSettings(
        conf.integer(DicmKeys.SAMPLES_MAX_BEHAVIORS, 0, MOST_BEHAVIORS),
        conf.integer(DicmKeys.SAMPLES_WINDOW_DAYS, 0, MOST_DAYS),
        conf.text(DicmKeys.SAMPLES_SHARED_IMAGES),
        conf.required(DicmKeys.SAMPLES_SPLIT),
        conf.integer(DicmKeys.SAMPLES_REDUCERS, 1, MOST_REDUCERS),
        conf.number(DicmKeys.INPUT_MAX_BAD_FRACTION, 0, 1));
  }
}
