package io.dicm.trainer.ablation;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;

/**
 * The samples that all variants share, and those of the other day's model that warm variants begin
 * with.
 *
 * @param protocol how training and test impressions are told apart
 * @param split the rule, as {@code dicm.samples.split} has it
 * @param itemHoldoutFraction share of items that are never training targets, 0 or more
 * @param warmUpDays days at the end of the training data that the other day's model does not see
 */
public record SampleProtocol(
    Protocol protocol, String split, double itemHoldoutFraction, int warmUpDays) {
  private static final String DAYS = "last-days:";
  private static final String FRACTION = "user-fraction:";
  private static final String LAST_DAY = DAYS + 1;
  private static final String LAST_FIFTH = FRACTION + "0.8";
  private static final double FIFTH = .2;
  private static final BigDecimal HALF = new BigDecimal("0.5");
  private static final int PLACES = 6;

  /**
   * The protocol that is asked for, with the configured rule where that is of its kind; without one
   * what the configuration means.
   */
  public static SampleProtocol of(
      Optional<Protocol> asked, DicmConfiguration conf, int warmUpDays) {
    String split = conf.required(DicmKeys.SAMPLES_SPLIT);
    double holdout = conf.number(DicmKeys.SAMPLES_ITEM_HOLDOUT_FRACTION, 0, 1);
    Protocol protocol = asked.orElse(configured(split, holdout));
    return switch (protocol) {
      case TIME ->
          new SampleProtocol(protocol, split.startsWith(DAYS) ? split : LAST_DAY, 0, warmUpDays);
      case USER ->
          new SampleProtocol(
              protocol, split.startsWith(FRACTION) ? split : LAST_FIFTH, 0, warmUpDays);
      case ITEM_HOLDOUT ->
          new SampleProtocol(protocol, split, holdout > 0 ? holdout : FIFTH, warmUpDays);
    };
  }

  /** Keys and values of the samples that all variants share. */
  public Map<String, String> settings() {
    return settings(split);
  }

  /**
   * Keys and values of the samples of the other day's model: their training half ends earlier, so
   * it knows nothing of the test impressions. With {@code last-days} it ends {@link #warmUpDays}
   * earlier, with {@code user-fraction} it is the first half of each user's training impressions.
   * Held-out items stay the same.
   */
  public Map<String, String> earlierSettings() {
    return settings(earlierSplit());
  }

  private String earlierSplit() {
    if (split.startsWith(DAYS)) {
      return DAYS + (Integer.parseInt(split.substring(DAYS.length())) + warmUpDays);
    }
    BigDecimal fraction = new BigDecimal(split.substring(FRACTION.length()));
    return FRACTION
        + fraction
            .multiply(HALF)
            .setScale(PLACES, RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString();
  }

  private Map<String, String> settings(String rule) {
    return Map.of(
        DicmKeys.SAMPLES_SPLIT,
        rule,
        DicmKeys.SAMPLES_ITEM_HOLDOUT_FRACTION,
        BigDecimal.valueOf(itemHoldoutFraction).stripTrailingZeros().toPlainString());
  }

  private static Protocol configured(String split, double holdout) {
    if (holdout > 0) {
      return Protocol.ITEM_HOLDOUT;
    }
    return split.startsWith(DAYS) ? Protocol.TIME : Protocol.USER;
  }
}
