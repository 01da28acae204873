package io.dicm.trainer.samplejob;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.samplejob.SplitRule.LastDays;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.apache.hadoop.conf.Configuration;

/**
 * A rule for the impressions from a day on alone: {@code dicm.samples.train-from}. Earlier ones
 * were trained on by earlier runs. Days that the rule tests with stay whole.
 *
 * @param rule tells training from test among those that are left
 * @param fromSeconds first moment, seconds since 1970 UTC
 */
record TrainFrom(SplitRule rule, long fromSeconds) implements SplitRule {
  /**
   * The rule as the configuration limits it; the same rule when it does not.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID}
   */
  static SplitRule of(Configuration hadoop, SplitRule rule) {
    String day = DicmConfiguration.of(hadoop).text(DicmKeys.SAMPLES_TRAIN_FROM);
    if (day.isEmpty()) {
      return rule;
    }
    try {
      return new TrainFrom(rule, LocalDate.parse(day).atStartOfDay().toEpochSecond(ZoneOffset.UTC));
    } catch (DateTimeParseException e) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use "
              + DicmKeys.SAMPLES_TRAIN_FROM
              + ": was '"
              + day
              + "', allowed is a day as YYYY-MM-DD.",
          e);
    }
  }

  @Override
  public SampleSplit split(long rank, long total, long timestampSeconds) {
    return rule.split(rank, total, timestampSeconds);
  }

  @Override
  public boolean keeps(long timestampSeconds) {
    boolean tested = rule instanceof LastDays last && timestampSeconds >= last.testFromSeconds();
    return tested || timestampSeconds >= fromSeconds;
  }
}
