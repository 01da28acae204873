package io.dicm.trainer.network;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Fully connected layers with PReLU between them; the last layer is linear. */
public final class Perceptron {
  private final List<LinearLayer> layers = new ArrayList<>();
  private final List<PreluActivation> activations = new ArrayList<>();

  /**
   * @param name prefix of the parameters
   * @param widths of the input and of each layer's output, at least two
   */
  public Perceptron(String name, int... widths) {
    for (int i = 0; i + 1 < widths.length; i++) {
      layers.add(new LinearLayer(name + "." + i, widths[i], widths[i + 1]));
      if (i + 2 < widths.length) {
        activations.add(new PreluActivation(name + "." + i));
      }
    }
  }

  public void declare(ParameterSet set) {
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).declare(set);
      if (i < activations.size()) {
        activations.get(i).declare(set);
      }
    }
  }

  /** [n, first width] to [n, last width]. */
  public Tensor apply(Tensor x, Parameters parameters) {
    Tensor h = x;
    for (int i = 0; i < layers.size(); i++) {
      h = layers.get(i).apply(h, parameters);
      if (i < activations.size()) {
        h = activations.get(i).apply(h, parameters);
      }
    }
    return h;
  }
}
