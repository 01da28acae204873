package io.dicm.trainer.predict;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Of whose training clicks a {@link MeanPredictor} takes the mean. */
public enum MeanKind {
  /** Of the shown item's: popularity. */
  ITEM_MEAN,
  /** Of the user's; it ranks no user's impressions. */
  USER_MEAN,
  /** Of both, their log odds added. */
  ITEM_USER_MEAN;

  /** As users write it: lower case with {@code -}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  boolean hasItems() {
    return this != USER_MEAN;
  }

  boolean hasUsers() {
    return this != ITEM_MEAN;
  }

  /**
   * The kind of this label; none for an empty text, which stands for a model.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID}
   */
  public static Optional<MeanKind> of(String label) {
    if (label.isEmpty()) {
      return Optional.empty();
    }
    for (MeanKind kind : values()) {
      if (kind.label().equals(label)) {
        return Optional.of(kind);
      }
    }
    throw new DicmException(
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use "
            + DicmKeys.PREDICT_BASELINE
            + ": was '"
            + label
            + "', allowed is one of "
            + String.join(", ", Arrays.stream(values()).map(MeanKind::label).toList())
            + ", or nothing for a model.");
  }
}
