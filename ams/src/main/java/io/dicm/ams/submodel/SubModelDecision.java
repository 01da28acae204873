package io.dicm.ams.submodel;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * The sub-model of a training, and how images therefore travel.
 *
 * @param shape of each network
 * @param inputDimension length of the image vectors
 * @param because the setting, and what of the vectors' length decided
 */
public record SubModelDecision(SubModelShape shape, int inputDimension, String because) {
  /** A code and its gradient. */
  private static final int DIRECTIONS = 2;

  /** Length of an image's code. */
  public int codeDimension() {
    return shape.codeDimension(inputDimension);
  }

  /**
   * Values that a step moves for an image that a worker asks for: a code comes and its gradient
   * goes, a vector comes only.
   */
  static int valuesOfStep(SubModelShape shape, int inputDimension) {
    return (shape.compresses() ? DIRECTIONS : 1) * shape.codeDimension(inputDimension);
  }

  /** Bytes that a step moves for an image that a worker asks for, as float32. */
  public long bytesOfImage() {
    return (long) valuesOfStep(shape, inputDimension) * Float.BYTES;
  }

  /**
   * What it would be like otherwise: without the sub-model, or with {@link SubModelShape#SHORT}
   * where there is none.
   */
  public SubModelDecision alternative() {
    return new SubModelDecision(
        shape.compresses() ? SubModelShape.NONE : SubModelShape.SHORT, inputDimension, "");
  }

  /** Parameters of one network; 0 without. */
  public int parameters() {
    return shape.compresses() ? NetworkLayout.of(inputDimension, shape, false).length() : 0;
  }

  /**
   * Requires that each server has a part of each network to train.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} naming both keys
   */
  public void requirePartsFor(int servers) {
    if (shape.compresses() && parameters() < servers) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot train %s=%s with %s=%d: for vectors of %d values it has %d parameters, needed one for each server. Use fewer servers or wider layers."
              .formatted(
                  DicmKeys.MODEL_SUB_MODEL,
                  shape,
                  DicmKeys.TRAIN_SERVERS,
                  servers,
                  inputDimension,
                  parameters()));
    }
  }

  /** A sentence for people: what was chosen, by what, and what it moves. */
  public String reason() {
    return shape.compresses()
        ? "Image vectors have %d values (%s): compressed by %s on the servers; a step moves %d bytes an image, a code of %d values and its gradient, instead of %d."
            .formatted(
                inputDimension,
                because,
                shape,
                bytesOfImage(),
                codeDimension(),
                alternative().bytesOfImage())
        : "Image vectors have %d values (%s): served as they are, by plain parameter servers; a step moves %d bytes an image one way, codes of %s and their gradients would take %d and a sub-model to keep equal."
            .formatted(
                inputDimension,
                because,
                bytesOfImage(),
                alternative().shape(),
                alternative().bytesOfImage());
  }
}
