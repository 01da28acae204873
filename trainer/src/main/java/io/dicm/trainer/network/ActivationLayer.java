package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** An activation with what it learns, if anything. */
interface ActivationLayer {
  /** Rectifier. */
  ActivationLayer RELU =
      new ActivationLayer() {
        @Override
        public Tensor apply(Tensor x, ForwardPass pass) {
          return torch.relu(x);
        }
      };

  /** Hyperbolic tangent. */
  ActivationLayer TANH =
      new ActivationLayer() {
        @Override
        public Tensor apply(Tensor x, ForwardPass pass) {
          return torch.tanh(x);
        }
      };

  /** Declares the parameters; none unless overridden. */
  default void declare(ParameterSet set) {}

  /** [n, width] to the same shape. */
  Tensor apply(Tensor x, ForwardPass pass);
}
