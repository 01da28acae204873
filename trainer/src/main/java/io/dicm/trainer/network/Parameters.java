package io.dicm.trainer.network;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * A network's parameters as tensors, for one pass.
 *
 * @param byName every parameter of the layout
 * @param scalars values of those that are one number, where they are known without asking the
 *     tensors' device, which has to be waited for
 */
public record Parameters(Map<String, Tensor> byName, Map<String, Float> scalars) {
  /** Of tensors whose device answers at once. */
  public Parameters(Map<String, Tensor> byName) {
    this(byName, Map.of());
  }

  /** The value of a parameter that is one number. */
  public float scalar(String name) {
    Float known = scalars.get(name);
    return known == null ? get(name).item_float() : known;
  }

  public Tensor get(String name) {
    Tensor tensor = byName.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("No parameter is called " + name);
    }
    return tensor;
  }
}
