package io.dicm.trainer.reference;

import java.util.HashMap;
import java.util.Map;

/**
 * Adam (arXiv 1412.6980, algorithm 1) in double precision. Each parameter counts its own updates;
 * one that a step does not touch stays as it is, moments as well.
 */
final class ReferenceAdam {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final double learningRate;
  private final Map<String, Moments> moments = new HashMap<>();

  ReferenceAdam(double learningRate) {
    this.learningRate = learningRate;
  }

  private static final class Moments {
    private final double[] first;
    private final double[] second;
    private int updates;

    private Moments(int length) {
      first = new double[length];
      second = new double[length];
    }
  }

  /** Updates a parameter in place. */
  void update(String name, double[] values, double[] gradient) {
    Moments m = moments.computeIfAbsent(name, any -> new Moments(values.length));
    m.updates++;
    double correction1 = 1 - Math.pow(BETA1, m.updates);
    double correction2 = 1 - Math.pow(BETA2, m.updates);
    for (int i = 0; i < values.length; i++) {
      m.first[i] = BETA1 * m.first[i] + (1 - BETA1) * gradient[i];
      m.second[i] = BETA2 * m.second[i] + (1 - BETA2) * gradient[i] * gradient[i];
      values[i] -=
          learningRate
              * (m.first[i] / correction1)
              / (Math.sqrt(m.second[i] / correction2) + EPSILON);
    }
  }
}
