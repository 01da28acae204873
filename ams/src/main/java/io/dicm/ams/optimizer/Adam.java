package io.dicm.ams.optimizer;

/**
 * Adam (arXiv 1412.6980, algorithm 1) on plain arrays. Only float arithmetic that Java defines to
 * the last bit is used, so that equal inputs give equal bits on every machine.
 *
 * @param learningRate step size
 */
public record Adam(float learningRate) {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final float EPSILON = 1e-8f;

  public Adam {
    if (!(learningRate > 0) || learningRate == Float.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("Learning rate was " + learningRate + ", needed > 0");
    }
  }

  /** Values under training with their two moments, all of the same length. */
  public record State(float[] values, float[] firstMoments, float[] secondMoments) {
    /** Starts from {@code values}, which are used in place, and moments of 0. */
    public static State startingAt(float[] values) {
      return new State(values, new float[values.length], new float[values.length]);
    }

    /** The same, apart from this one. */
    public State copy() {
      return new State(values.clone(), firstMoments.clone(), secondMoments.clone());
    }

    /** Takes {@code length} values and moments from the beginning of others. */
    public void copyFrom(State other, int offset, int length) {
      System.arraycopy(other.values, 0, values, offset, length);
      System.arraycopy(other.firstMoments, 0, firstMoments, offset, length);
      System.arraycopy(other.secondMoments, 0, secondMoments, offset, length);
    }
  }

  /**
   * Makes update number {@code count} of the values {@code offset .. offset + length - 1}.
   *
   * @param gradient [at least gradientOffset + length]
   * @param count how many updates these values have had, this one included; from 1
   */
  public void update(
      State state, int offset, int length, float[] gradient, int gradientOffset, long count) {
    float keepFirst = (float) BETA1;
    float takeFirst = (float) (1 - BETA1);
    float keepSecond = (float) BETA2;
    float takeSecond = (float) (1 - BETA2);
    float stepSize = (float) (learningRate / (1 - StrictMath.pow(BETA1, (double) count)));
    float secondScale = (float) (1 / (1 - StrictMath.pow(BETA2, (double) count)));
    float[] values = state.values;
    float[] first = state.firstMoments;
    float[] second = state.secondMoments;
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
