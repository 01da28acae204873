package io.dicm.feature.job;

import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.store.FeatureBase;
import io.dicm.feature.store.IndexEntry;
import java.util.Set;

/**
 * Vectors of each bucket after an extraction: those of the snapshot that it builds on, of images
 * too that have left the catalogue, since servers load whole buckets, and those that are new. Not
 * safe for use by many threads.
 */
final class PlannedBuckets {
  private final FeatureBase base;
  private final double[] vectors = new double[Buckets.COUNT];

  /**
   * @param base the snapshot that the extraction would build on
   * @param forgotten image_ids that the new one is not to have
   */
  PlannedBuckets(FeatureBase base, Set<String> forgotten) {
    this.base = base;
    for (IndexEntry entry : base.entries()) {
      if (entry.hasVector() && !forgotten.contains(entry.imageId())) {
        vectors[Buckets.of(entry.imageKey())]++;
      }
    }
  }

  /** Images of which something is known. */
  long knownImages() {
    return base.entries().size();
  }

  /** Adds an image, unless its vector replaces one that is counted. */
  void add(String imageId) {
    if (base.find(imageId).filter(IndexEntry::hasVector).isEmpty()) {
      vectors[Buckets.of(Fingerprints.imageKey(imageId))]++;
    }
  }

  /** Adds new images of unknown names, as keys fall: evenly. */
  void addSomewhere(long images) {
    for (int bucket = 0; bucket < vectors.length; bucket++) {
      vectors[bucket] += (double) images / vectors.length;
    }
  }

  /** Bytes of the vectors of each bucket, [1024]. */
  long[] bytes(long vectorBytes) {
    long[] bytes = new long[vectors.length];
    for (int bucket = 0; bucket < bytes.length; bucket++) {
      bytes[bucket] = Math.round(vectors[bucket] * vectorBytes);
    }
    return bytes;
  }
}
