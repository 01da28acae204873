package io.dicm.app.plan;

import io.dicm.common.key.Buckets;
import io.dicm.feature.job.ExtractPlan;
import io.dicm.feature.store.FeatureFile;
import io.dicm.feature.store.FeatureManifest;
import java.util.Arrays;

/**
 * Images with a vector, by bucket.
 *
 * @param source where the counts are from, in words
 * @param bucketImages images of each of the {@link Buckets#COUNT} buckets; not to be changed
 * @param dimension floats of a vector
 */
public record VectorCounts(String source, long[] bucketImages, int dimension) {
  /** Those of a snapshot. */
  public static VectorCounts of(String source, FeatureManifest manifest) {
    long[] images = new long[Buckets.COUNT];
    for (FeatureFile file : manifest.files()) {
      for (int i = 0; i < file.buckets().length; i++) {
        images[file.buckets()[i]] += file.bucketRows()[i] - file.bucketReplaced()[i];
      }
    }
    return new VectorCounts(source, images, manifest.extractor().dimension());
  }

  /** Those that an extraction would leave. */
  public static VectorCounts of(String source, ExtractPlan plan, int dimension) {
    long[] images = new long[Buckets.COUNT];
    for (int bucket = 0; bucket < images.length; bucket++) {
      images[bucket] = plan.bucketBytes()[bucket] / ((long) dimension * Float.BYTES);
    }
    return new VectorCounts(source, images, dimension);
  }

  /** So many images, spread evenly as their keys are. */
  public static VectorCounts evenly(String source, long images, int dimension) {
    long[] counts = new long[Buckets.COUNT];
    for (int bucket = 0; bucket < counts.length; bucket++) {
      counts[bucket] = images / counts.length + (bucket < images % counts.length ? 1 : 0);
    }
    return new VectorCounts(source, counts, dimension);
  }

  /** All images. */
  public long images() {
    return Arrays.stream(bucketImages).sum();
  }

  /**
   * Different images among references to them, if all are referred to equally often: an upper
   * bound. Of n images, r draws hit n (1 - (1 - 1/n)^r) on average.
   */
  static double different(double images, double references) {
    return -images * Math.expm1(references * Math.log1p(-1 / Math.max(images, 2)));
  }

  /** Images of each server, [servers]. */
  public long[] ofServers(int servers) {
    long[] images = new long[servers];
    for (int bucket = 0; bucket < bucketImages.length; bucket++) {
      images[Buckets.serverOf(bucket, servers)] += bucketImages[bucket];
    }
    return images;
  }
}
