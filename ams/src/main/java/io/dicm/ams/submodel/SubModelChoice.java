package io.dicm.ams.submodel;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Locale;
import java.util.Optional;

/**
 * What the configuration says of the sub-model, before the length of the vectors is known. The one
 * place of the rule by which it is chosen, {@link #decide}.
 *
 * @param shape the configured one; nothing: by the rule
 * @param reasonForOne the setting, {@code key=value}, that makes no sense without a sub-model, if
 *     there is one
 */
public record SubModelChoice(Optional<SubModelShape> shape, Optional<String> reasonForOne) {
  private static final String AUTO = "auto";

  public SubModelChoice {
    if (shape.isPresent() && !shape.get().compresses() && reasonForOne.isPresent()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s=%s with %s: there is no sub-model for it. Leave one of them out, or choose %s=%s."
              .formatted(
                  DicmKeys.MODEL_SUB_MODEL,
                  shape.get(),
                  reasonForOne.get(),
                  DicmKeys.MODEL_SUB_MODEL,
                  SubModelShape.SHORT));
    }
  }

  /** This shape, whatever the vectors. */
  public static SubModelChoice of(SubModelShape shape) {
    return new SubModelChoice(Optional.of(shape), Optional.empty());
  }

  /**
   * Reads the configuration.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} naming key, value and what is
   *     allowed, or both keys of settings that do not go together
   */
  public static SubModelChoice of(DicmConfiguration conf) {
    String text = conf.required(DicmKeys.MODEL_SUB_MODEL).toLowerCase(Locale.ROOT);
    Optional<SubModelShape> shape = SubModelShape.parse(text);
    if (shape.isEmpty() && !text.equals(AUTO)) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s: was '%s', allowed is auto, none, or 1 to %d widths of 1 to %d such as %s."
              .formatted(
                  DicmKeys.MODEL_SUB_MODEL,
                  text,
                  SubModelShape.MOST_LAYERS,
                  SubModelShape.MOST_WIDTH,
                  SubModelShape.USUAL));
    }
    return new SubModelChoice(shape, reasonForOne(conf));
  }

  private static Optional<String> reasonForOne(DicmConfiguration conf) {
    if (conf.choice(DicmKeys.TRAIN_MISSING_IMAGE, MissingImages.class) == MissingImages.LEARNED) {
      return Optional.of(DicmKeys.TRAIN_MISSING_IMAGE + "=learned");
    }
    return conf.flag(DicmKeys.MODEL_SHARE_SUB_MODEL)
        ? Optional.of(DicmKeys.MODEL_SHARE_SUB_MODEL + "=true")
        : Optional.empty();
  }

  /**
   * Chooses the sub-model for vectors of a length. Without a configured one: none where a vector is
   * no longer than a code of 12 values with its gradient, so that the network could save nothing;
   * {@link SubModelShape#SHORT} up to {@value SubModelShape#MOST_RAW_VALUES} values; {@link
   * SubModelShape#USUAL} above.
   *
   * @param inputDimension length of the image vectors
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} when vectors that long cannot do
   *     without
   */
  public SubModelDecision decide(int inputDimension) {
    if (shape.isPresent()) {
      requireRawFits(inputDimension);
      return new SubModelDecision(
          shape.get(), inputDimension, "%s=%s".formatted(DicmKeys.MODEL_SUB_MODEL, shape.get()));
    }
    int most = SubModelDecision.valuesOfStep(SubModelShape.SHORT, inputDimension);
    if (inputDimension > SubModelShape.MOST_RAW_VALUES) {
      return decided(
          SubModelShape.USUAL, inputDimension, "more than " + SubModelShape.MOST_RAW_VALUES);
    }
    if (inputDimension > most) {
      return decided(
          SubModelShape.SHORT,
          inputDimension,
          "more than %d and at most %d".formatted(most, SubModelShape.MOST_RAW_VALUES));
    }
    return reasonForOne
        .map(
            setting ->
                decided(
                    SubModelShape.SHORT,
                    inputDimension,
                    "at most %d, but %s needs a sub-model".formatted(most, setting)))
        .orElseGet(() -> decided(SubModelShape.NONE, inputDimension, "at most " + most));
  }

  private static SubModelDecision decided(SubModelShape shape, int inputDimension, String because) {
    return new SubModelDecision(
        shape, inputDimension, "%s=auto, %s".formatted(DicmKeys.MODEL_SUB_MODEL, because));
  }

  private void requireRawFits(int inputDimension) {
    if (!shape.get().compresses() && inputDimension > SubModelShape.MOST_RAW_VALUES) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s=%s: the image vectors have %d values, allowed without a sub-model are at most %d. Choose auto or %s, or an encoder of shorter vectors."
              .formatted(
                  DicmKeys.MODEL_SUB_MODEL,
                  shape.get(),
                  inputDimension,
                  SubModelShape.MOST_RAW_VALUES,
                  SubModelShape.USUAL));
    }
  }
}
