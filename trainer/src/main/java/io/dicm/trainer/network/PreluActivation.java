package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The parametric rectifier max(x, 0) + a min(x, 0) with one learned slope a a layer, from 0.25 on.
 *
 * @param name prefix of its parameter
 */
record PreluActivation(String name) implements ActivationLayer {
  private static final float INITIAL_SLOPE = 0.25f;

  @Override
  public void declare(ParameterSet set) {
    set.declare(name + ".slope", new Initial.Constant(INITIAL_SLOPE), 1);
  }

  @Override
  public Tensor apply(Tensor x, ForwardPass pass) {
    return apply(x, pass.parameters());
  }

  Tensor apply(Tensor x, Parameters parameters) {
    return torch.prelu(x, parameters.get(name + ".slope"));
  }
}
