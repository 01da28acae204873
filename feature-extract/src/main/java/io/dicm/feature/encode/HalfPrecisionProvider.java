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
  public int nativeMemoryMb(int batchSize) {
    return exact.nativeMemoryMb(batchSize);
  }

  @Override
  public ImageEncoder open(Configuration conf, ExtractorDescription description)
      throws IOException {
    return new HalfPrecisionEncoder(exact.open(conf, description), description);
  }
}
