package io.dicm.feature.encode;

import io.dicm.feature.decode.Preprocessing;
import java.nio.FloatBuffer;

/**
 * Rounds another encoder's vectors to IEEE 754 half precision, to nearest and ties to even. A value
 * that rounds to more than 65,504 becomes infinite: the picture has no vector then. Closes the
 * other encoder.
 */
final class HalfPrecisionEncoder implements ImageEncoder {
  private static final float LARGEST = 65_504;

  /** From here on a half has 11 significant bits; below, multiples of {@link #SMALLEST}. */
  private static final float LEAST_NORMAL = 0x1p-14f;

  private static final double SMALLEST = 0x1p-24;

  /** Bits that a float's significand has more than a half's. */
  private static final int MORE_BITS = 13;

  private final ImageEncoder exact;
  private final ExtractorDescription description;

  HalfPrecisionEncoder(ImageEncoder exact, ExtractorDescription description) {
    this.exact = exact;
    this.description = description;
  }

  @Override
  public ExtractorDescription description() {
    return description;
  }

  @Override
  public Preprocessing preprocessing() {
    return exact.preprocessing();
  }

  @Override
  public float[][] encode(FloatBuffer batch, int count) {
    return rounded(exact.encode(batch, count));
  }

  @Override
  public EncodingPipeline pipeline(int batchSize) {
    return new Rounding(exact.pipeline(batchSize));
  }

  /** Rounds what comes out of another pipeline, which it closes. */
  private record Rounding(EncodingPipeline exact) implements EncodingPipeline {
    @Override
    public int depth() {
      return exact.depth();
    }

    @Override
    public void put(int index, float[] pixels) {
      exact.put(index, pixels);
    }

    @Override
    public void submit(int count) {
      exact.submit(count);
    }

    @Override
    public float[][] take() {
      return rounded(exact.take());
    }

    @Override
    public void close() {
      exact.close();
    }
  }

  private static float[][] rounded(float[][] vectors) {
    for (float[] vector : vectors) {
      for (int i = 0; i < vector.length; i++) {
        vector[i] = rounded(vector[i]);
      }
    }
    return vectors;
  }

  /** The nearest value that a half has, as a float. */
  static float rounded(float value) {
    if (Math.abs(value) < LEAST_NORMAL) {
      return (float) (Math.rint(value / SMALLEST) * SMALLEST);
    }
    if (!Float.isFinite(value)) {
      return value;
    }
    int bits = Float.floatToRawIntBits(value);
    int odd = (bits >>> MORE_BITS) & 1;
    int upToHalfLess = (1 << (MORE_BITS - 1)) - 1;
    int nearest = (bits + upToHalfLess + odd) & -(1 << MORE_BITS);
    float result = Float.intBitsToFloat(nearest);
    return Math.abs(result) <= LARGEST ? result : Math.copySign(Float.POSITIVE_INFINITY, value);
  }

  @Override
  public void close() {
    exact.close();
  }
}
