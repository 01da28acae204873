package io.dicm.trainer;

import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureSnapshot;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/** A feature store in memory, for training without files. Immutable. */
public final class MemorySnapshot implements FeatureSnapshot {
  private final int dimension;
  private final Map<String, float[]> vectors;

  /**
   * @param vectors by image_id, each of this dimension
   */
  public MemorySnapshot(int dimension, Map<String, float[]> vectors) {
    this.dimension = dimension;
    this.vectors = new LinkedHashMap<>(vectors);
  }

  /** Vectors that mean nothing: uniform in +-1, from a seed and the image's key alone. */
  public static MemorySnapshot random(Collection<String> imageIds, int dimension, long seed) {
    Map<String, float[]> vectors = new LinkedHashMap<>();
    for (String imageId : imageIds) {
      SplittableRandom random = new SplittableRandom(seed ^ Fingerprints.imageKey(imageId));
      float[] vector = new float[dimension];
      for (int d = 0; d < dimension; d++) {
        vector[d] = (float) (2 * random.nextDouble() - 1);
      }
      vectors.put(imageId, vector);
    }
    return new MemorySnapshot(dimension, vectors);
  }

  @Override
  public String extractorId() {
    return "memory";
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public long imageCount(IntPredicate bucket) {
    return vectors.keySet().stream().filter(id -> owned(id, bucket)).count();
  }

  @Override
  public float[] mean() {
    float[] mean = new float[dimension];
    for (int d = 0; d < dimension; d++) {
      int column = d;
      mean[d] = (float) vectors.values().stream().mapToDouble(v -> v[column]).average().orElse(0);
    }
    return mean;
  }

  @Override
  public float[] standardDeviation() {
    float[] mean = mean();
    float[] deviation = new float[dimension];
    for (int d = 0; d < dimension; d++) {
      int column = d;
      deviation[d] =
          (float)
              Math.sqrt(
                  vectors.values().stream()
                      .mapToDouble(v -> (v[column] - mean[column]) * (v[column] - mean[column]))
                      .average()
                      .orElse(0));
    }
    return deviation;
  }

  @Override
  public void scan(IntPredicate bucket, FeatureConsumer consumer) throws IOException {
    for (String imageId :
        vectors.keySet().stream()
            .filter(id -> owned(id, bucket))
            .sorted(Comparator.comparingLong(Fingerprints::imageKey))
            .toList()) {
      consumer.accept(
          new FeatureRecord(
              imageId,
              Fingerprints.imageKey(imageId),
              "digest-of-" + imageId,
              vectors.get(imageId).clone(),
              1,
              1,
              0));
    }
  }

  private static boolean owned(String imageId, IntPredicate bucket) {
    return bucket.test(Buckets.of(Fingerprints.imageKey(imageId)));
  }
}
