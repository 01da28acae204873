package io.dicm.trainer.reference;

import java.util.ArrayList;
import java.util.List;

/**
 * Fully connected layers z = W x + b with PReLU max(z, 0) + a min(z, 0) between them.
 *
 * @param layers in order; the last one is linear
 */
record ReferencePerceptron(List<Layer> layers) {
  /**
   * The names of a layer's parameters.
   *
   * @param slope of the PReLU after it, or null
   */
  record Layer(String weight, String bias, String slope) {}

  /** A perceptron of a worker's network: {@code <name>.<layer>.weight, .bias, .slope}. */
  static ReferencePerceptron ofWorker(String name) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String layer = name + "." + i;
      layers.add(new Layer(layer + ".weight", layer + ".bias", i < 2 ? layer + ".slope" : null));
    }
    return new ReferencePerceptron(layers);
  }

  /** A network of the sub-model: {@code <name>.fc<layer>.weight, .bias, .prelu<layer>.weight}. */
  static ReferencePerceptron ofSubModel(String name) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      String layer = name + ".fc" + i;
      String slope = i < 3 ? name + ".prelu" + i + ".weight" : null;
      layers.add(new Layer(layer + ".weight", layer + ".bias", slope));
    }
    return new ReferencePerceptron(layers);
  }

  /** The output; touches all parameters. */
  double[] forward(ReferenceParameters parameters, double[] input) {
    double[] x = input;
    for (Layer layer : layers) {
      x = activation(parameters, layer, linear(parameters, layer, x));
    }
    return x;
  }

  /**
   * Adds to the parameters' gradients.
   *
   * @param gradient of the loss by the output
   * @return gradient of the loss by the input
   */
  double[] backward(ReferenceParameters parameters, double[] input, double[] gradient) {
    List<double[]> inputs = new ArrayList<>(List.of(input));
    List<double[]> linears = new ArrayList<>();
    for (Layer layer : layers) {
      double[] z = linear(parameters, layer, inputs.get(inputs.size() - 1));
      linears.add(z);
      inputs.add(activation(parameters, layer, z));
    }
    double[] back = gradient;
    for (int i = layers.size() - 1; i >= 0; i--) {
      double[] dz = activationBack(parameters, layers.get(i), linears.get(i), back);
      back = linearBack(parameters, layers.get(i), inputs.get(i), dz);
    }
    return back;
  }

  private static double[] linear(ReferenceParameters parameters, Layer layer, double[] x) {
    parameters.touch(layer.weight());
    parameters.touch(layer.bias());
    double[] weight = parameters.value(layer.weight());
    double[] z = parameters.value(layer.bias()).clone();
    for (int o = 0; o < z.length; o++) {
      for (int i = 0; i < x.length; i++) {
        z[o] += weight[o * x.length + i] * x[i];
      }
    }
    return z;
  }

  private static double[] linearBack(
      ReferenceParameters parameters, Layer layer, double[] x, double[] dz) {
    double[] weight = parameters.value(layer.weight());
    double[] weightGradient = parameters.gradient(layer.weight());
    double[] biasGradient = parameters.gradient(layer.bias());
    double[] dx = new double[x.length];
    for (int o = 0; o < dz.length; o++) {
      biasGradient[o] += dz[o];
      for (int i = 0; i < x.length; i++) {
        weightGradient[o * x.length + i] += dz[o] * x[i];
        dx[i] += dz[o] * weight[o * x.length + i];
      }
    }
    return dx;
  }

  private static double[] activation(ReferenceParameters parameters, Layer layer, double[] z) {
    if (layer.slope() == null) {
      return z;
    }
    parameters.touch(layer.slope());
    double slope = parameters.value(layer.slope())[0];
    double[] a = new double[z.length];
    for (int i = 0; i < z.length; i++) {
      a[i] = z[i] > 0 ? z[i] : slope * z[i];
    }
    return a;
  }

  private static double[] activationBack(
      ReferenceParameters parameters, Layer layer, double[] z, double[] da) {
    if (layer.slope() == null) {
      return da;
    }
    double slope = parameters.value(layer.slope())[0];
    double[] slopeGradient = parameters.gradient(layer.slope());
    double[] dz = new double[z.length];
    for (int i = 0; i < z.length; i++) {
      dz[i] = z[i] > 0 ? da[i] : slope * da[i];
      slopeGradient[0] += z[i] > 0 ? 0 : z[i] * da[i];
    }
    return dz;
  }
}
