package io.dicm.ams.submodel;

import java.util.List;

/** The compression network as plain loops in double precision: slow, and easy to check by eye. */
final class ReferenceNetwork {
  private final List<NetworkLayout.FlatTensor> tensors;
  private final double[] values;
  private final double[] gradient;

  ReferenceNetwork(NetworkLayout layout, double[] values) {
    this.tensors = layout.tensors();
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
    return linear(6, prelu(5, linear(3, prelu(2, linear(0, x)))));
  }

  /** Adds one vector's part to the gradient. */
  void backward(double[] x, double[] codeGradient) {
    double[] z1 = linear(0, x);
    double[] a1 = prelu(2, z1);
    double[] z2 = linear(3, a1);
    double[] a2 = prelu(5, z2);
    double[] dz2 = preluBack(5, z2, linearBack(6, a2, codeGradient));
    linearBack(0, x, preluBack(2, z1, linearBack(3, a1, dz2)));
  }

  double[] gradient() {
    return gradient;
  }
}
