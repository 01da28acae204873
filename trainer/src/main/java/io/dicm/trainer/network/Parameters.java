package io.dicm.trainer.network;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * A network's parameters as tensors, for one pass.
 *
 * @param byName every parameter of the layout
 */
public record Parameters(Map<String, Tensor> byName) {
  public Tensor get(String name) {
    Tensor tensor = byName.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("No parameter is called " + name);
    }
    return tensor;
  }
}
