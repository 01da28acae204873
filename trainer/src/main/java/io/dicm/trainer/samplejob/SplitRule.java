package io.dicm.trainer.samplejob;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells training from test impressions: {@code dicm.samples.split}. */
sealed interface SplitRule permits SplitRule.UserFraction, SplitRule.LastDays, TrainFrom {
  Pattern SYNTAX =
      Pattern.compile(
          "(?:user-fraction:(?<fraction>0?\\.\\d*[1-9]\\d*))|(?:last-days:(?<days>[1-9]\\d{0,4}))");

  /**
   * @param rank the impression's place in its user's history by (ts, item_id), from 0
   * @param total the user's impressions
   * @param timestampSeconds the impression's moment
   */
  SampleSplit split(long rank, long total, long timestampSeconds);

  /**
   * Whether an impression of this moment is in a sample at all. Others are behaviours if they were
   * clicked, and count neither in {@code rank} nor in {@code total}.
   */
  default boolean keeps(long timestampSeconds) {
    return true;
  }

  /**
   * Reads a rule as configured. The boundary of {@code last-days} is not known yet. Rules that
   * leave nothing to train on or nothing to test with are refused: predictions are made of test
   * samples.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID}
   */
  static SplitRule parse(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use "
              + DicmKeys.SAMPLES_SPLIT
              + ": was '"
              + text
              + "', allowed is user-fraction:F with F above 0 and below 1, or last-days:N with N from 1.");
    }
    return matcher.group("fraction") != null
        ? new UserFraction(new BigDecimal(matcher.group("fraction")))
        : new LastDays(Integer.parseInt(matcher.group("days")), Long.MAX_VALUE);
  }

  /**
   * The first {@code floor(fraction * n)} of each user's n impressions are for training.
   *
   * @param fraction above 0 and below 1
   */
  record UserFraction(BigDecimal fraction) implements SplitRule {
    @Override
    public SampleSplit split(long rank, long total, long timestampSeconds) {
      long training =
          fraction
              .multiply(BigDecimal.valueOf(total))
              .setScale(0, RoundingMode.FLOOR)
              .longValueExact();
      return rank < training ? SampleSplit.TRAIN : SampleSplit.TEST;
    }
  }

  /** Whole days (UTC) at the end of the log are for testing. */
  record LastDays(int days, long testFromSeconds) implements SplitRule {
    private static final long SECONDS_PER_DAY = 86_400;

    /** The rule for a log whose last impression is at this moment. */
    LastDays until(long lastMomentSeconds) {
      long lastDay = Math.floorDiv(lastMomentSeconds, SECONDS_PER_DAY);
      return new LastDays(days, (lastDay - days + 1) * SECONDS_PER_DAY);
    }

    @Override
    public SampleSplit split(long rank, long total, long timestampSeconds) {
      return timestampSeconds < testFromSeconds ? SampleSplit.TRAIN : SampleSplit.TEST;
    }
  }
}
