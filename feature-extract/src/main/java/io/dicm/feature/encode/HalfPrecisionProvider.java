package io.dicm.feature.encode;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** Any kind of encoder, with its vectors rounded to half precision. */
record HalfPrecisionProvider(EncoderProvider exact) implements EncoderProvider {
  @Override
  public String name() {
    return exact.name();
  }

  @Override
  public ExtractorDescription describe(Configuration conf) throws IOException {
    return exact.describe(conf).inHalfPrecision();
  }

  @Override
  public int nativeMemoryMb(Configuration conf, int batchSize) throws IOException {
    return exact.nativeMemoryMb(conf, batchSize);
  }

  @Override
  public long pictureBytes(Configuration conf) throws IOException {
    return exact.pictureBytes(conf);
  }

  @Override
  public boolean encodesPictures() {
    return exact.encodesPictures();
  }

  @Override
  public ImageEncoder open(Configuration conf, ExtractorDescription description)
      throws IOException {
    return new HalfPrecisionEncoder(exact.open(conf, description), description);
  }
}
