package io.dicm.feature.store;

import java.io.IOException;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;

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

  /**
   * Reads only images whose key is wanted, in the order and with the errors of {@link #scan}; where
   * it can, without decoding the others' vectors.
   */
  default void scanImages(LongPredicate imageKey, FeatureConsumer consumer) throws IOException {
    scan(
        bucket -> true,
        image -> {
          if (imageKey.test(image.imageKey())) {
            consumer.accept(image);
          }
        });
  }

  /**
   * Reads name, key and perceptual hash of every image, in the order and with the errors of {@link
   * #scan}; where it can, without reading vectors.
   */
  default void scanHashes(HashConsumer consumer) throws IOException {
    scan(
        bucket -> true,
        image -> consumer.accept(image.imageId(), image.imageKey(), image.perceptualHash()));
  }

  /** Takes one image's name, key and perceptual hash. */
  @FunctionalInterface
  interface HashConsumer {
    void accept(String imageId, long imageKey, long perceptualHash) throws IOException;
  }

  /** Takes one image. */
  @FunctionalInterface
  interface FeatureConsumer {
    void accept(FeatureRecord record) throws IOException;
  }
}
