package io.dicm.ams.bench;

import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureSnapshot;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Image vectors without a feature store: uniform in [-1, 1), made from the image's key when they
 * are read. Immutable.
 *
 * @param images number of images
 * @param dimension length of each vector
 */
public record RandomVectors(int images, int dimension) implements FeatureSnapshot {
  /** Standard deviation of a uniform value in [-1, 1). */
  private static final float DEVIATION = (float) Math.sqrt(1.0 / 3);

  /** The key of image {@code number}, from 0. */
  public static long key(int number) {
    return Fingerprints.imageKey(imageId(number));
  }

  private static String imageId(int number) {
    return "bench-" + number;
  }

  @Override
  public String extractorId() {
    return "random-vectors";
  }

  @Override
  public long imageCount(IntPredicate bucket) {
    return IntStream.range(0, images).filter(i -> bucket.test(Buckets.of(key(i)))).count();
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
    for (int i = 0; i < images; i++) {
      if (bucket.test(Buckets.of(key(i)))) {
        consumer.accept(new FeatureRecord(imageId(i), key(i), "", vector(key(i)), 1, 1, 0));
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
