package io.dicm.feature.decode;

/**
 * Weights of bilinear resampling along one axis. Making a picture smaller, the triangle is as wide
 * as two output pixels, so that every input pixel counts (antialiasing); making it larger, it is
 * plain linear interpolation. Immutable.
 */
final class TriangleFilter {
  private final int[] starts;
  private final float[][] weights;

  /**
   * @param inputs pixels before, 1 or more
   * @param outputs pixels after
   * @param first the first output pixel that is wanted; it has the number 0 in the other methods
   * @param wanted output pixels that are wanted
   */
  TriangleFilter(int inputs, int outputs, int first, int wanted) {
    this.starts = new int[wanted];
    this.weights = new float[wanted][];
    double scale = (double) inputs / outputs;
    double support = Math.max(scale, 1.0);
    for (int out = 0; out < wanted; out++) {
      double center = (first + out + 0.5) * scale;
      starts[out] = Math.max(0, (int) Math.floor(center - support + 0.5));
      int end = Math.min(inputs, (int) Math.floor(center + support + 0.5));
      weights[out] = weights(starts[out], Math.max(end, starts[out] + 1), center, support);
    }
  }

  /** First input pixel of an output pixel. */
  int start(int out) {
    return starts[out];
  }

  /** The input pixel after the last one of an output pixel. */
  int end(int out) {
    return starts[out] + weights[out].length;
  }

  /** The weight of an input pixel; the weights of an output pixel sum to 1. */
  float weight(int out, int in) {
    return weights[out][in - starts[out]];
  }

  private static float[] weights(int start, int end, double center, double support) {
    double[] raw = new double[end - start];
    double sum = 0;
    for (int i = 0; i < raw.length; i++) {
      raw[i] = Math.max(0.0, 1.0 - Math.abs(start + i + 0.5 - center) / support);
      sum += raw[i];
    }
    float[] weights = new float[raw.length];
    for (int i = 0; i < raw.length; i++) {
      weights[i] = (float) (raw[i] / sum);
    }
    return weights;
  }
}
