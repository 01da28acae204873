package io.dicm.feature.weights;

import java.io.IOException;

/** Says what is wrong with the content of a weights file; {@link WeightsFile} adds its name. */
final class MalformedWeightsException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param why continues "Cannot use the weights in FILE: "
   */
  MalformedWeightsException(String why) {
    super(why);
  }
}
