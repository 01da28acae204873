package io.dicm.ams.bench;

import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.store.FeaturePart;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureSnapshot;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
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

  private static final int MOST_PARTS = 64;

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
    return new Range(0, images, dimension).imageCount(bucket);
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
    new Range(0, images, dimension).scan(bucket, consumer);
  }

  /** Ranges of neighbouring images: to make a million vectors takes one thread a minute. */
  @Override
  public List<FeaturePart> parts() {
    int parts = Math.max(1, Math.min(MOST_PARTS, images));
    return IntStream.range(0, parts)
        .<FeaturePart>mapToObj(
            part -> new Range(begin(part, parts), begin(part + 1, parts), dimension))
        .toList();
  }

  private int begin(int part, int parts) {
    return (int) ((long) images * part / parts);
  }

  /** Images from a number to before another. */
  private record Range(int from, int to, int dimension) implements FeaturePart {
    @Override
    public long imageCount(IntPredicate bucket) {
      return IntStream.range(from, to).filter(i -> bucket.test(Buckets.of(key(i)))).count();
    }

    @Override
    public void scan(IntPredicate bucket, FeatureConsumer consumer) throws IOException {
      for (int i = from; i < to; i++) {
        long key = key(i);
        if (bucket.test(Buckets.of(key))) {
          consumer.accept(new FeatureRecord(imageId(i), key, "", vector(key, dimension), 1, 1, 0));
        }
      }
    }
  }

  private static float[] vector(long key, int dimension) {
    SplittableRandom random = new SplittableRandom(key);
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) random.nextDouble(-1, 1);
    }
    return vector;
  }
}
