package io.dicm.trainer.samplejob;

import io.dicm.common.config.DicmKeys;
import org.apache.hadoop.conf.Configuration;

/** The settings of a join, as a test chooses them. */
record JoinSettings(int maxBehaviors, int windowDays, String split) {
  void set(Configuration conf) {
    conf.setInt(DicmKeys.SAMPLES_MAX_BEHAVIORS, maxBehaviors);
    conf.setInt(DicmKeys.SAMPLES_WINDOW_DAYS, windowDays);
    conf.set(DicmKeys.SAMPLES_SPLIT, split);
  }
}
