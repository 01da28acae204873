package io.dicm.ams.optimizer;

import java.util.List;

/**
 * FTRL-Proximal with L1 and L2 (McMahan et al., "Ad click prediction: a view from the trenches",
 * KDD 2013, algorithm 1; beta is 1). Values of a small sum of gradients become exactly 0. The
 * learning rate must be the same in all updates: the sums that it keeps hold it. So must L1 and L2,
 * after a checkpoint too.
 *
 * @param l1 strength of L1, 0 or more
 * @param l2 strength of L2, 0 or more
 */
public record Ftrl(float l1, float l2) implements Optimizer {
  private static final float BETA = 1;

  public Ftrl {
    if (!(l1 >= 0) || !(l2 >= 0)) {
      throw new IllegalArgumentException("L1 and L2 were " + l1 + " and " + l2 + ", needed >= 0");
    }
  }

  @Override
  public String name() {
    return "ftrl";
  }

  @Override
  public List<String> slots() {
    return List.of("linear", "squared_gradient_sum");
  }

  @Override
  public float initial(int slot) {
    return 0;
  }

  @Override
  public void update(
      OptimizerState state,
      int offset,
      int length,
      float[] gradient,
      int gradientOffset,
      long count,
      float learningRate) {
    float[] values = state.values();
    float[] linear = state.slots()[0];
    float[] sums = state.slots()[1];
    for (int i = 0; i < length; i++) {
      float g = gradient[gradientOffset + i];
      float before = (float) Math.sqrt(sums[offset + i]);
      sums[offset + i] += g * g;
      float root = (float) Math.sqrt(sums[offset + i]);
      float z = linear[offset + i] + g - (root - before) / learningRate * values[offset + i];
      linear[offset + i] = z;
      values[offset + i] =
          Math.abs(z) <= l1 ? 0 : -(z - Math.signum(z) * l1) / ((BETA + root) / learningRate + l2);
    }
  }
}
