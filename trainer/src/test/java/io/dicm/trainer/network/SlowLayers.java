package io.dicm.trainer.network;

import java.util.Arrays;
import java.util.List;

/**
 * Layers over the rows of a batch with loops, in double precision, written from the formulas.
 *
 * @param problem has the parameters
 * @param training whether Dice goes by the batch's statistics
 */
record SlowLayers(NetworkProblem problem, boolean training) {
  private static final double EPSILON = 1e-8;

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  static double dot(double[] left, double[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }

  static double[] joined(double[]... parts) {
    return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
  }

  /** Weights without a largest score of their own: for scores of moderate size. */
  static double[] softmax(double[] scores) {
    double[] weights = Arrays.stream(scores).map(Math::exp).toArray();
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(weight -> weight / sum).toArray();
  }

  /** Fully connected layers; the last one is linear. */
  double[][] perceptron(String name, double[][] rows, int hiddenLayers, Activation activation) {
    double[][] x = rows;
    for (int layer = 0; layer < hiddenLayers; layer++) {
      x = activated(name + "." + layer, linear(name + "." + layer, x), activation);
    }
    return linear(name + "." + hiddenLayers, x);
  }

  private double[][] linear(String name, double[][] rows) {
    return Arrays.stream(rows).map(x -> problem.linear(name, x)).toArray(double[][]::new);
  }

  private double[][] activated(String name, double[][] rows, Activation activation) {
    return switch (activation) {
      case DICE -> dice(name, rows);
      case PRELU -> Arrays.stream(rows).map(x -> problem.prelu(name, x)).toArray(double[][]::new);
      default -> throw new IllegalArgumentException(activation.name());
    };
  }

  private double[][] dice(String name, double[][] rows) {
    double[][] out = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      out[i] = new double[rows[i].length];
      for (int unit = 0; unit < rows[i].length; unit++) {
        int column = unit;
        double mean = mean(name + ".mean", unit, Arrays.stream(rows).mapToDouble(x -> x[column]));
        double square =
            mean(
                name + ".mean_square",
                unit,
                Arrays.stream(rows).mapToDouble(x -> x[column] * x[column]));
        double s = rows[i][unit];
        double p = sigmoid((s - mean) / Math.sqrt(square - mean * mean + EPSILON));
        out[i][unit] = p * s + (1 - p) * problem.get(name + ".slope")[unit] * s;
      }
    }
    return out;
  }

  private double mean(String statistic, int unit, java.util.stream.DoubleStream ofBatch) {
    return training ? ofBatch.average().orElseThrow() : problem.get(statistic)[unit];
  }

  /** W x without a bias. */
  double[] times(String matrix, double[] x) {
    double[] weights = problem.get(matrix);
    double[] out = new double[weights.length / x.length];
    for (int o = 0; o < out.length; o++) {
      for (int i = 0; i < x.length; i++) {
        out[o] += weights[o * x.length + i] * x[i];
      }
    }
    return out;
  }

  /** One step of a gated recurrent unit whose update counts {@code attention}. */
  double[] gated(String name, double[] x, double[] h, double attention) {
    double[] gates = problem.linear(name + ".gates", x);
    double[] gatesOfState = times(name + ".gates.recurrent", h);
    double[] candidates = problem.linear(name + ".candidate", x);
    double[] candidatesOfState = times(name + ".candidate.recurrent", h);
    double[] out = new double[h.length];
    for (int k = 0; k < h.length; k++) {
      double u = attention * sigmoid(gates[k] + gatesOfState[k]);
      double r = sigmoid(gates[h.length + k] + gatesOfState[h.length + k]);
      double candidate = Math.tanh(candidates[k] + r * candidatesOfState[k]);
      out[k] = (1 - u) * h[k] + u * candidate;
    }
    return out;
  }

  /** The user's fields, then {@code interest}, the impression's fields and the pictures. */
  double[] inputs(int impression, double[] interest) {
    double[] flat = problem.flatInputs(impression);
    int user = problem.shape().sampleFields() * problem.shape().embeddingWidth();
    return joined(Arrays.copyOf(flat, user), interest, Arrays.copyOfRange(flat, user, flat.length));
  }

  /** The numbers of an impression's behaviours, oldest first. */
  List<Integer> behaviors(int impression) {
    int sample = problem.sampleOf(impression);
    return java.util.stream.IntStream.range(
            problem.firstBehavior(sample), problem.endBehavior(sample))
        .boxed()
        .toList();
  }
}
