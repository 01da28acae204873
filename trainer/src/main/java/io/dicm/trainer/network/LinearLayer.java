package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A fully connected layer: x W^T + b.
 *
 * @param name prefix of its parameters
 * @param inputs width of x
 * @param outputs width of the result
 */
public record LinearLayer(String name, int inputs, int outputs) {
  public void declare(ParameterSet set) {
    Initial initial = new Initial.Uniform(1 / Math.sqrt(inputs));
    set.declare(name + ".weight", initial, outputs, inputs);
    set.declare(name + ".bias", initial, outputs);
  }

  /** [n, inputs] to [n, outputs]. */
  public Tensor apply(Tensor x, Parameters parameters) {
    return torch.linear(
        x, parameters.get(name + ".weight"), new TensorOptional(parameters.get(name + ".bias")));
  }
}
