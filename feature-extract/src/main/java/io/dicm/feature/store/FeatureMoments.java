package io.dicm.feature.store;

/**
 * Per-dimension sums over vectors, in float64, from which mean and deviation come. Sums of parts
 * add up to the sums of the whole. Mutable; not safe for use by many threads.
 */
public final class FeatureMoments {
  private final double[] sum;
  private final double[] sumOfSquares;
  private long count;

  /** The moments of no vectors. */
  public FeatureMoments(int dimension) {
    this(0, new double[dimension], new double[dimension]);
  }

  /** Moments from earlier sums, which are not copied. */
  public FeatureMoments(long count, double[] sum, double[] sumOfSquares) {
    this.count = count;
    this.sum = sum;
    this.sumOfSquares = sumOfSquares;
  }

  /** Adds a vector. */
  public void add(float[] vector) {
    for (int i = 0; i < sum.length; i++) {
      double value = vector[i];
      sum[i] += value;
      sumOfSquares[i] += value * value;
    }
    count++;
  }

  /** Adds the vectors of another part. */
  public void add(FeatureMoments other) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.sum[i];
      sumOfSquares[i] += other.sumOfSquares[i];
    }
    count += other.count;
  }

  /** Takes away the vectors of another part, which must have been added before. */
  public void subtract(FeatureMoments other) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] -= other.sum[i];
      sumOfSquares[i] -= other.sumOfSquares[i];
    }
    count -= other.count;
  }

  /** Number of vectors. */
  public long count() {
    return count;
  }

  /** A copy of the sums. */
  public double[] sum() {
    return sum.clone();
  }

  /** A copy of the sums of squares. */
  public double[] sumOfSquares() {
    return sumOfSquares.clone();
  }

  /** The mean, [dimension]; zeros when there are no vectors. */
  public float[] mean() {
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length && count > 0; i++) {
      mean[i] = (float) (sum[i] / count);
    }
    return mean;
  }

  /** The population's standard deviation, [dimension]; zeros when there are no vectors. */
  public float[] standardDeviation() {
    float[] deviation = new float[sum.length];
    for (int i = 0; i < deviation.length && count > 0; i++) {
      double mean = sum[i] / count;
      double variance = sumOfSquares[i] / count - mean * mean;
      deviation[i] = (float) Math.sqrt(Math.max(0.0, variance));
    }
    return deviation;
  }
}
