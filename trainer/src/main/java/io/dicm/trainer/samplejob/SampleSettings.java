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
 * @param itemHoldoutFraction share of the items that training never sees
 * @param negativeKeepFraction share of the training impressions without a click that are kept
 * @param minDwellSeconds least dwell time of a behaviour, 0 for any
 * @param seed of the choice of items and impressions
 * @param maxUserEvents about how many log rows of a user one reduce call takes, 0 for all
 * @param reducers files of each split
 * @param maxBadFraction bad rows, 0 to 1 of all, above which the job fails
 */
record SampleSettings(
    int maxBehaviors,
    int windowDays,
    String sharedImages,
    String split,
    double itemHoldoutFraction,
    double negativeKeepFraction,
    int minDwellSeconds,
    long seed,
    long maxUserEvents,
    int reducers,
    double maxBadFraction) {
  private static final int MOST_BEHAVIORS = 10_000;
  private static final int MOST_DAYS = 36_500;
  private static final int MOST_REDUCERS = 10_000;
  private static final int MOST_DWELL_SECONDS = 86_400;
  private static final double MOST_HELD_OUT = 0.9;
  private static final double LEAST_KEPT = 1e-6;

  static SampleSettings of(Configuration hadoop) {
    DicmConfiguration conf = DicmConfiguration.of(hadoop);
    return new SampleSettings(
        conf.integer(DicmKeys.SAMPLES_MAX_BEHAVIORS, 0, MOST_BEHAVIORS),
        conf.integer(DicmKeys.SAMPLES_WINDOW_DAYS, 0, MOST_DAYS),
        conf.text(DicmKeys.SAMPLES_SHARED_IMAGES),
        conf.required(DicmKeys.SAMPLES_SPLIT),
        conf.number(DicmKeys.SAMPLES_ITEM_HOLDOUT_FRACTION, 0, MOST_HELD_OUT),
        conf.number(DicmKeys.SAMPLES_NEGATIVE_KEEP_FRACTION, LEAST_KEPT, 1),
        conf.integer(DicmKeys.SAMPLES_MIN_DWELL_SECONDS, 0, MOST_DWELL_SECONDS),
        conf.longInteger(DicmKeys.SAMPLES_SEED),
        conf.nonNegativeLong(DicmKeys.SAMPLES_MAX_USER_EVENTS),
        conf.integer(DicmKeys.SAMPLES_REDUCERS, 1, MOST_REDUCERS),
        conf.number(DicmKeys.INPUT_MAX_BAD_FRACTION, 0, 1));
  }
}
