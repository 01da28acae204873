package io.dicm.ams.optimizer;

import java.util.List;

/** AdaGrad (Duchi, Hazan, Singer, JMLR 12, 2011, diagonal form). */
public record Adagrad() implements Optimizer {
  /**
   * Far below the square of a gradient that matters, which here is of a mean over a step's
   * impressions and so as small as 1e-5: with the 0.1 that some have, it would be plain descent for
   * thousands of steps.
   */
  private static final float INITIAL_SUM = 1e-12f;

  @Override
  public String name() {
    return "adagrad";
  }

  @Override
  public List<String> slots() {
    return List.of("squared_gradient_sum");
  }

  @Override
  public float initial(int slot) {
    return INITIAL_SUM;
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
    float[] sums = state.slots()[0];
    for (int i = 0; i < length; i++) {
      float g = gradient[gradientOffset + i];
      float sum = sums[offset + i] + g * g;
      sums[offset + i] = sum;
      values[offset + i] -= learningRate * g / (float) Math.sqrt(sum);
    }
  }
}
