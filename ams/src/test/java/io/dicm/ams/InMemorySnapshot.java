package io.dicm.ams;

import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureSnapshot;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;

/** A feature store of a few vectors in memory, for tests. */
public class InMemorySnapshot implements FeatureSnapshot {
  private final int dimension;
  private final Map<String, float[]> vectors = new LinkedHashMap<>();

  public InMemorySnapshot(int dimension) {
    this.dimension = dimension;
  }

  /** Images {@code img-0 .. img-(n-1)} with normally distributed vectors. */
  public static InMemorySnapshot random(int images, int dimension, long seed) {
    InMemorySnapshot snapshot = new InMemorySnapshot(dimension);
    Random random = new Random(seed);
    for (int i = 0; i < images; i++) {
      float[] vector = new float[dimension];
      for (int d = 0; d < dimension; d++) {
        vector[d] = 3 + 2 * (float) random.nextGaussian();
      }
      snapshot.add("img-" + i, vector);
    }
    return snapshot;
  }

  public static long key(int image) {
    return Fingerprints.imageKey("img-" + image);
  }

  public void add(String imageId, float[] vector) {
    vectors.put(imageId, vector);
  }

  public float[] vector(String imageId) {
    return vectors.get(imageId).clone();
  }

  @Override
  public String extractorId() {
    return "in-memory";
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public long imageCount(IntPredicate bucket) {
    return vectors.keySet().stream().filter(id -> bucket.test(bucketOf(id))).count();
  }

  private static int bucketOf(String imageId) {
    return Buckets.of(Fingerprints.imageKey(imageId));
  }

  @Override
  public float[] mean() {
    float[] mean = new float[dimension];
    for (float[] vector : vectors.values()) {
      for (int d = 0; d < dimension; d++) {
        mean[d] += vector[d] / vectors.size();
      }
    }
    return mean;
  }

  @Override
  public float[] standardDeviation() {
    float[] mean = mean();
    double[] squares = new double[dimension];
    for (float[] vector : vectors.values()) {
      for (int d = 0; d < dimension; d++) {
        double off = vector[d] - mean[d];
        squares[d] += off * off / vectors.size();
      }
    }
    float[] deviation = new float[dimension];
    for (int d = 0; d < dimension; d++) {
      deviation[d] = (float) Math.sqrt(squares[d]);
    }
    return deviation;
  }

  @Override
  public void scan(IntPredicate bucket, FeatureConsumer consumer) throws IOException {
    for (Map.Entry<String, float[]> entry : vectors.entrySet()) {
      if (bucket.test(bucketOf(entry.getKey()))) {
        long key = Fingerprints.imageKey(entry.getKey());
        consumer.accept(
            new FeatureRecord(entry.getKey(), key, "", entry.getValue().clone(), 1, 1, 0));
      }
    }
  }
}
