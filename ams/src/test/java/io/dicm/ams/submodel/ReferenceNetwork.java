package io.dicm.ams.submodel;

import java.util.List;

/** The compression network as plain loops in double precision: slow, and easy to check by eye. */
final class ReferenceNetwork {
  /** Weight, bias and slope of each layer but the last, which has no slope. */
  private static final int TENSORS_OF_LAYER = 3;

  private final List<NetworkLayout.FlatTensor> tensors;
  private final int layers;
  private final double[] values;
  private final double[] gradient;

  ReferenceNetwork(NetworkLayout layout, double[] values) {
    this.tensors = layout.layerTensors();
    this.layers = (tensors.size() + 1) / TENSORS_OF_LAYER;
    this.values = values;
    this.gradient = new double[values.length];
  }

  private double value(int tensor, int index) {
    return values[tensors.get(tensor).offset() + index];
  }

  private void addGradient(int tensor, int index, double amount) {
    gradient[tensors.get(tensor).offset() + index] += amount;
  }

  /** z = W x + b; tensors {@code weight} and {@code weight + 1}. */
  private double[] linear(int weight, double[] x) {
    int outputs = (int) tensors.get(weight).shape()[0];
    double[] z = new double[outputs];
    for (int o = 0; o < outputs; o++) {
      z[o] = value(weight + 1, o);
      for (int i = 0; i < x.length; i++) {
        z[o] += value(weight, o * x.length + i) * x[i];
      }
    }
    return z;
  }

  private double[] prelu(int slope, double[] z) {
    double[] a = new double[z.length];
    for (int i = 0; i < z.length; i++) {
      a[i] = z[i] > 0 ? z[i] : value(slope, 0) * z[i];
    }
    return a;
  }

  private double[] linearBack(int weight, double[] x, double[] dz) {
    double[] dx = new double[x.length];
    for (int o = 0; o < dz.length; o++) {
      addGradient(weight + 1, o, dz[o]);
      for (int i = 0; i < x.length; i++) {
        addGradient(weight, o * x.length + i, dz[o] * x[i]);
        dx[i] += dz[o] * value(weight, o * x.length + i);
      }
    }
    return dx;
  }

  private double[] preluBack(int slope, double[] z, double[] da) {
    double[] dz = new double[z.length];
    for (int i = 0; i < z.length; i++) {
      dz[i] = z[i] > 0 ? da[i] : value(slope, 0) * da[i];
      addGradient(slope, 0, z[i] > 0 ? 0 : z[i] * da[i]);
    }
    return dz;
  }

  double[] code(double[] x) {
    double[] activation = x;
    for (int layer = 0; layer < layers; layer++) {
      double[] z = linear(TENSORS_OF_LAYER * layer, activation);
      activation = layer == layers - 1 ? z : prelu(TENSORS_OF_LAYER * layer + 2, z);
    }
    return activation;
  }

  /** Adds one vector's part to the gradient. */
  void backward(double[] x, double[] codeGradient) {
    double[][] inputs = new double[layers][];
    double[][] z = new double[layers][];
    double[] activation = x;
    for (int layer = 0; layer < layers; layer++) {
      inputs[layer] = activation;
      z[layer] = linear(TENSORS_OF_LAYER * layer, activation);
      activation = layer == layers - 1 ? z[layer] : prelu(TENSORS_OF_LAYER * layer + 2, z[layer]);
    }
    double[] gradientOfOutput = codeGradient;
    for (int layer = layers - 1; layer >= 0; layer--) {
      double[] dz =
          layer == layers - 1
              ? gradientOfOutput
              : preluBack(TENSORS_OF_LAYER * layer + 2, z[layer], gradientOfOutput);
      gradientOfOutput = linearBack(TENSORS_OF_LAYER * layer, inputs[layer], dz);
    }
  }

  double[] gradient() {
    return gradient;
  }
}
