package io.dicm.feature.store;

import java.io.IOException;
import java.util.function.IntPredicate;

/** Some of an extractor's vectors, or all: one row for each image. Safe for use by many threads. */
public interface FeaturePart {
  /** Number of images whose bucket fits. */
  long imageCount(IntPredicate bucket);

  /**
   * Reads every image whose bucket fits, file by file and in {@link BucketOrder} within a file.
   *
   * @throws io.dicm.common.error.DicmException {@code STORE_CORRUPT} when a file holds fewer or
   *     other rows than the manifest says; never a silent loss
   */
  void scan(IntPredicate bucket, FeatureConsumer consumer) throws IOException;

  /** Takes one image. */
  @FunctionalInterface
  interface FeatureConsumer {
    void accept(FeatureRecord record) throws IOException;
  }
}
