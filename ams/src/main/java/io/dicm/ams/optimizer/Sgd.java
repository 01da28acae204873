package io.dicm.ams.optimizer;

import java.util.List;

/** Plain stochastic gradient descent. */
public record Sgd() implements Optimizer {
  @Override
  public String name() {
    return "sgd";
  }

  @Override
  public List<String> slots() {
    return List.of();
  }

  @Override
  public float initial(int slot) {
    throw new IllegalArgumentException("Gradient descent keeps nothing, not slot " + slot);
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
    for (int i = 0; i < length; i++) {
      values[offset + i] -= learningRate * gradient[gradientOffset + i];
    }
  }
}
