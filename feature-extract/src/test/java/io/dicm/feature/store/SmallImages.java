package io.dicm.feature.store;

import io.dicm.common.key.Fingerprints;
import io.dicm.feature.encode.ExtractorDescription;
import java.util.List;
import java.util.stream.IntStream;

/** Images with small vectors for tests of what a store does with its files. */
final class SmallImages {
  /** Floats of a vector. */
  static final int DIMENSION = 3;

  private SmallImages() {}

  /** What makes their vectors; the store's directory has its name. */
  static ExtractorDescription extractor() {
    return new ExtractorDescription("x", "layer", "digest", "none", DIMENSION, "float32");
  }

  /** Images {@code image <from>} to, exclusive, {@code image <to>}. */
  static List<FeatureRecord> of(int from, int to, long version) {
    return IntStream.range(from, to)
        .mapToObj(i -> image("image " + i, 1000L * version + i, new float[] {i, version, 1}))
        .toList();
  }

  /** One image. */
  static FeatureRecord image(String id, long content, float[] vector) {
    return new FeatureRecord(
        id, Fingerprints.imageKey(id), String.format("%064x", content), vector, 1, 2, content);
  }
}
