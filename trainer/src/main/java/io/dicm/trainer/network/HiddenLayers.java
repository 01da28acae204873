package io.dicm.trainer.network;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Fully connected layers, each with the activation and dropout after it. */
final class HiddenLayers {
  private final List<LinearLayer> layers = new ArrayList<>();
  private final List<ActivationLayer> activations = new ArrayList<>();
  private final double dropout;
  private final int outputWidth;

  /**
   * @param name prefix of the parameters
   * @param inputs width of the input
   * @param widths of the layers; none leaves the input as it is
   * @param activation after each
   * @param dropout probability that a value is dropped in training, after each activation
   */
  HiddenLayers(
      String name, int inputs, List<Integer> widths, Activation activation, double dropout) {
    this.dropout = dropout;
    int width = inputs;
    for (int i = 0; i < widths.size(); i++) {
      layers.add(new LinearLayer(name + "." + i, width, widths.get(i)));
      activations.add(activation.layer(name + "." + i, widths.get(i)));
      width = widths.get(i);
    }
    this.outputWidth = width;
  }

  /** Width of the last layer. */
  int outputWidth() {
    return outputWidth;
  }

  void declare(ParameterSet set) {
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).declare(set);
      activations.get(i).declare(set);
    }
  }

  /** [n, inputs] to [n, {@link #outputWidth()}]. */
  Tensor apply(Tensor x, ForwardPass pass) {
    Tensor h = x;
    for (int i = 0; i < layers.size(); i++) {
      h = activations.get(i).apply(layers.get(i).apply(h, pass.parameters()), pass);
      h = pass.dropout(h, dropout);
    }
    return h;
  }
}
