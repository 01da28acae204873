package io.dicm.trainer.network;

/** What a hidden layer's values go through. */
public enum Activation {
  /** max(x, 0) + a min(x, 0), one learned slope a layer. */
  PRELU,
  /** max(x, 0). */
  RELU,
  /** The hyperbolic tangent. */
  TANH,
  /** Between x and a x, by the batch's statistics (Deep Interest Network, arXiv 1706.06978). */
  DICE;

  /**
   * The layer of this activation.
   *
   * @param name prefix of its parameters
   * @param width of the layer before it
   */
  ActivationLayer layer(String name, int width) {
    return switch (this) {
      case PRELU -> new PreluActivation(name);
      case RELU -> ActivationLayer.RELU;
      case TANH -> ActivationLayer.TANH;
      case DICE -> new DiceActivation(name, width);
    };
  }
}
