package io.dicm.trainer.bench;

import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * Vectors for the pictures of samples without a feature store: uniform in [-1, 1), made from the
 * picture's key when they are read. Immutable.
 */
final class RandomPictures implements FeatureSnapshot {
  /** Standard deviation of a uniform value in [-1, 1). */
  private static final float DEVIATION = (float) Math.sqrt(1.0 / 3);

  private final long[] keys;
  private final int dimension;

  private RandomPictures(long[] keys, int dimension) {
    this.keys = keys;
    this.dimension = dimension;
  }

  /** For all pictures of these samples. */
  static RandomPictures of(SampleSource samples, int dimension) throws IOException {
    Set<Long> keys = new TreeSet<>();
    for (Sample sample = samples.next(); sample != null; sample = samples.next()) {
      for (long key : sample.behaviors().imageKeys()) {
        keys.add(key);
      }
      sample.impressions().stream().map(Impression::imageKey).forEach(keys::add);
    }
    keys.remove(Fingerprints.NONE);
    return new RandomPictures(keys.stream().mapToLong(Long::longValue).toArray(), dimension);
  }

  @Override
  public String extractorId() {
    return "random-vectors";
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public long imageCount(IntPredicate bucket) {
    return Arrays.stream(keys).filter(key -> bucket.test(Buckets.of(key))).count();
  }

  @Override
  public float[] mean() {
    return new float[dimension];
  }

  @Override
  public float[] standardDeviation() {
    float[] deviation = new float[dimension];
    Arrays.fill(deviation, DEVIATION);
    return deviation;
  }

  @Override
  public void scan(IntPredicate bucket, FeatureConsumer consumer) throws IOException {
    for (long key : keys) {
      if (bucket.test(Buckets.of(key))) {
        consumer.accept(new FeatureRecord("picture-" + key, key, "", vector(key), 1, 1, 0));
      }
    }
  }

  private float[] vector(long key) {
    SplittableRandom random = new SplittableRandom(key);
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) random.nextDouble(-1, 1);
    }
    return vector;
  }
}
