package io.dicm.ams.optimizer;

import java.util.List;

/** Adam (arXiv 1412.6980, algorithm 1) with its usual constants. */
public record Adam() implements Optimizer {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final float EPSILON = 1e-8f;

  /** Below this a power of beta is lost in 1 minus it. */
  private static final double NOTHING = 0x1.0p-54;

  /** 1 - beta^count by count: a row of an embedding is short, and computing a power is not. */
  private static final double[] CORRECTIONS1 = corrections(BETA1);

  private static final double[] CORRECTIONS2 = corrections(BETA2);

  private static double[] corrections(double beta) {
    int length = (int) Math.ceil(StrictMath.log(NOTHING) / StrictMath.log(beta)) + 1;
    double[] corrections = new double[length];
    for (int count = 0; count < length; count++) {
      corrections[count] = 1 - StrictMath.pow(beta, count);
    }
    return corrections;
  }

  private static double correction(double[] corrections, long count) {
    return count < corrections.length ? corrections[(int) count] : 1;
  }

  @Override
  public String name() {
    return "adam";
  }

  @Override
  public List<String> slots() {
    return List.of("first_moment", "second_moment");
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
    float keepFirst = (float) BETA1;
    float takeFirst = (float) (1 - BETA1);
    float keepSecond = (float) BETA2;
    float takeSecond = (float) (1 - BETA2);
    float stepSize = (float) (learningRate / correction(CORRECTIONS1, count));
    float secondScale = (float) (1 / correction(CORRECTIONS2, count));
    float[] values = state.values();
    float[] first = state.slots()[0];
    float[] second = state.slots()[1];
    for (int i = 0; i < length; i++) {
      float g = gradient[gradientOffset + i];
      float m = keepFirst * first[offset + i] + takeFirst * g;
      float v = keepSecond * second[offset + i] + takeSecond * g * g;
      first[offset + i] = m;
      second[offset + i] = v;
      values[offset + i] -= stepSize * m / ((float) Math.sqrt(v * secondScale) + EPSILON);
    }
  }
}
