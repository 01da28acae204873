package io.dicm.ams.optimizer;

import java.util.Arrays;
import java.util.List;

/** Adam (arXiv 1412.6980, algorithm 1) with its usual constants. */
public record Adam() implements Optimizer {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final float EPSILON = 1e-8f;

  /** Below this a power of beta is lost in 1 minus it. */
  private static final double NOTHING = 0x1.0p-54;

  /** Values that stay in the processor's nearest cache from one loop to the next. */
  private static final int BLOCK = 1024;

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
    float stepSize = stepSize(learningRate, count);
    float secondScale = secondScale(count);
    float[] values = state.values();
    float[] first = state.slots()[0];
    float[] second = state.slots()[1];
    for (int at = 0; at < length; at += BLOCK) {
      int from = offset + at;
      int end = offset + Math.min(length, at + BLOCK);
      moveMoments(first, second, from, end, gradient, gradientOffset - offset);
      for (int i = from; i < end; i++) {
        values[i] -= stepSize * first[i] / ((float) Math.sqrt(second[i] * secondScale) + EPSILON);
      }
    }
  }

  /** The rows' factors are spread over their values first, so that loops are over all values. */
  @Override
  public void updateRows(
      OptimizerState state,
      int rows,
      int width,
      float[] gradient,
      long[] counts,
      float learningRate) {
    int length = rows * width;
    float[] stepSizes = new float[length];
    float[] secondScales = new float[length];
    for (int row = 0; row < rows; row++) {
      int from = row * width;
      int end = from + width;
      Arrays.fill(stepSizes, from, end, stepSize(learningRate, counts[row]));
      Arrays.fill(secondScales, from, end, secondScale(counts[row]));
    }
    float[] values = state.values();
    float[] first = state.slots()[0];
    float[] second = state.slots()[1];
    moveMoments(first, second, 0, length, gradient, 0);
    for (int i = 0; i < length; i++) {
      values[i] -=
          stepSizes[i] * first[i] / ((float) Math.sqrt(second[i] * secondScales[i]) + EPSILON);
    }
  }

  private static float stepSize(float learningRate, long count) {
    return (float) (learningRate / correction(CORRECTIONS1, count));
  }

  private static float secondScale(long count) {
    return (float) (1 / correction(CORRECTIONS2, count));
  }

  /**
   * Moves both moments. A loop that stores to one array alone is one that the compiler makes vector
   * instructions of.
   *
   * @param gradientShift from a value's place to its gradient's
   */
  private static void moveMoments(
      float[] first, float[] second, int from, int end, float[] gradient, int gradientShift) {
    float keepFirst = (float) BETA1;
    float takeFirst = (float) (1 - BETA1);
    float keepSecond = (float) BETA2;
    float takeSecond = (float) (1 - BETA2);
    for (int i = from; i < end; i++) {
      first[i] = keepFirst * first[i] + takeFirst * gradient[i + gradientShift];
    }
    for (int i = from; i < end; i++) {
      float g = gradient[i + gradientShift];
      second[i] = keepSecond * second[i] + takeSecond * g * g;
    }
  }
}
