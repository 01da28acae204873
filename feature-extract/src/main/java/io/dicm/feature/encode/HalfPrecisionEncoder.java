package io.dicm.feature.encode;

import io.dicm.feature.decode.Preprocessing;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.indexer.HalfIndexer;

/**
 * Rounds another encoder's vectors to IEEE 754 half precision. A value above 65,504 becomes
 * infinite: the picture has no vector then. Closes the other encoder.
 */
final class HalfPrecisionEncoder implements ImageEncoder {
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
    float[][] vectors = exact.encode(batch, count);
    for (float[] vector : vectors) {
      for (int i = 0; i < vector.length; i++) {
        vector[i] = HalfIndexer.toFloat(HalfIndexer.fromFloat(vector[i]));
      }
    }
    return vectors;
  }

  @Override
  public void close() {
    exact.close();
  }
}
