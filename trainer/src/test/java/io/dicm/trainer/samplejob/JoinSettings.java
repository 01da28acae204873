package io.dicm.trainer.samplejob;

import io.dicm.common.config.DicmKeys;
import org.apache.hadoop.conf.Configuration;

/** The settings of a join, as a test chooses them. */
record JoinSettings(
    int maxBehaviors,
    int windowDays,
    String split,
    double itemHoldoutFraction,
    double negativeKeepFraction,
    int minDwellSeconds,
    long seed,
    long maxUserEvents) {
  void set(Configuration conf) {
    conf.setInt(DicmKeys.SAMPLES_MAX_BEHAVIORS, maxBehaviors);
    conf.setInt(DicmKeys.SAMPLES_WINDOW_DAYS, windowDays);
    conf.set(DicmKeys.SAMPLES_SPLIT, split);
    conf.setDouble(DicmKeys.SAMPLES_ITEM_HOLDOUT_FRACTION, itemHoldoutFraction);
    conf.setDouble(DicmKeys.SAMPLES_NEGATIVE_KEEP_FRACTION, negativeKeepFraction);
    conf.setInt(DicmKeys.SAMPLES_MIN_DWELL_SECONDS, minDwellSeconds);
    conf.setLong(DicmKeys.SAMPLES_SEED, seed);
    conf.setLong(DicmKeys.SAMPLES_MAX_USER_EVENTS, maxUserEvents);
  }
}
