package io.dicm.feature.encode;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.apache.hadoop.conf.Configuration;

/**
 * Amazon's published image features as an encoder: names their vectors in the feature store, so
 * that training finds them, and makes none.
 */
public final class ImportedVectorsProvider implements EncoderProvider {
  /** What made the vectors: a reference network trained on ImageNet, by its authors' words. */
  public static final ExtractorDescription AMAZON =
      new ExtractorDescription(
          "imported-amazon-fc7",
          "fc7",
          "imported",
          "as published",
          4096,
          ExtractorDescription.FLOAT32);

  @Override
  public String name() {
    return AMAZON.extractorId();
  }

  @Override
  public ExtractorDescription describe(Configuration conf) {
    return AMAZON;
  }

  @Override
  public boolean encodesPictures() {
    return false;
  }

  /**
   * Refuses.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} always
   */
  @Override
  public ImageEncoder open(Configuration conf, ExtractorDescription description) {
    throw new DicmException(
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot extract images with "
            + DicmKeys.EXTRACT_ENCODER
            + "="
            + name()
            + ": its vectors were imported. Leave out the extract stage.");
  }
}
