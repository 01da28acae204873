package io.dicm.feature.encode;

import io.dicm.feature.decode.ImagePreprocessor;
import java.nio.FloatBuffer;

/** The mean of each color channel: a small encoder for tests of everything around encoders. */
public final class MeanColorEncoder implements ImageEncoder {
  private static final int PIXELS = ImagePreprocessor.SIDE * ImagePreprocessor.SIDE;
  private static final int CHANNELS = 3;

  private final ExtractorDescription description;

  public MeanColorEncoder(ExtractorDescription description) {
    this.description = description;
  }

  @Override
  public ExtractorDescription description() {
    return description;
  }

  @Override
  public float[][] encode(FloatBuffer batch, int count) {
    float[][] means = new float[count][CHANNELS];
    for (int picture = 0; picture < count; picture++) {
      for (int channel = 0; channel < CHANNELS; channel++) {
        double sum = 0;
        for (int pixel = 0; pixel < PIXELS; pixel++) {
          sum += batch.get((picture * CHANNELS + channel) * PIXELS + pixel);
        }
        means[picture][channel] = (float) (sum / PIXELS);
      }
    }
    return means;
  }

  @Override
  public void close() {}
}
