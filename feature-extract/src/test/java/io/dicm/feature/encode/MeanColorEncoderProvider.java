package io.dicm.feature.encode;

import io.dicm.feature.decode.ImagePreprocessor;
import org.apache.hadoop.conf.Configuration;

/** Provides {@link MeanColorEncoder}s under the name {@code mean-color}. */
public final class MeanColorEncoderProvider implements EncoderProvider {
  @Override
  public String name() {
    return "mean-color";
  }

  @Override
  public ExtractorDescription describe(Configuration conf) {
    return new ExtractorDescription(
        "mean-color", "mean", "none", ImagePreprocessor.DESCRIPTION, 3, "float32");
  }

  @Override
  public ImageEncoder open(Configuration conf, ExtractorDescription description) {
    return new MeanColorEncoder(description);
  }
}
