package io.dicm.feature.store;

import java.io.IOException;
import java.util.function.IntPredicate;

/**
 * One consistent view of an extractor's vectors: one row for each image. Safe for use by many
 * threads.
 */
public interface FeatureSnapshot {
  /** The extractor whose vectors these are; it names layer, weights digest and preprocessing. */
  String extractorId();

  /** Length of each vector. */
  int dimension();

  /** Number of images whose bucket fits. */
  long imageCount(IntPredicate bucket);

  /** Per-dimension mean over all images, [dimension]. A new array on each call. */
  float[] mean();

  /** Per-dimension standard deviation over all images, [dimension]. A new array on each call. */
  float[] standardDeviation();

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
