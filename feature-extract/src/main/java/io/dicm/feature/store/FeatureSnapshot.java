package io.dicm.feature.store;

import java.util.List;

/**
 * One consistent view of an extractor's vectors: one row for each image. Safe for use by many
 * threads.
 */
public interface FeatureSnapshot extends FeaturePart {
  /** The extractor whose vectors these are; it names layer, weights digest and preprocessing. */
  String extractorId();

  /** Length of each vector. */
  int dimension();

  /** Per-dimension mean over all images, [dimension]. A new array on each call. */
  float[] mean();

  /** Per-dimension standard deviation over all images, [dimension]. A new array on each call. */
  float[] standardDeviation();

  /**
   * The parts that it consists of, each of which can be read by a thread of its own: read one after
   * the other they give what {@link #scan} gives, in the same order. One, where it cannot be
   * parted.
   */
  default List<FeaturePart> parts() {
    return List.of(this);
  }
}
