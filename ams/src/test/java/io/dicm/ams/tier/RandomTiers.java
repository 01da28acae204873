package io.dicm.ams.tier;

import io.dicm.common.key.Fingerprints;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;

/**
 * Seeded samples of images, as lists of keys and as a request, and their histograms from the
 * definition: plain loops in double precision. For tests.
 *
 * @param samples with 0 to 9 behaviours and 1 to 4 impressions each, some without an image
 */
public record RandomTiers(List<Images> samples) {
  /** The images of one sample. */
  public record Images(long[] behaviors, long[] ads) {}

  /**
   * @param key of an image by its number
   */
  public static RandomTiers of(int samples, int images, LongUnaryOperator key, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Images> all = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      all.add(
          new Images(
              keys(random, random.nextInt(10), images, key),
              keys(random, 1 + random.nextInt(4), images, key)));
    }
    return new RandomTiers(all);
  }

  private static long[] keys(
      SplittableRandom random, int count, int images, LongUnaryOperator key) {
    return LongStream.generate(
            () ->
                random.nextInt(6) == 0
                    ? Fingerprints.NONE
                    : key.applyAsLong(random.nextInt(images)))
        .limit(count)
        .toArray();
  }

  /** The same as a request. */
  public TierRequest request(int tiers) {
    TierRequestBuilder builder = new TierRequestBuilder(tiers);
    for (Images sample : samples) {
      builder.beginSample(sample.behaviors);
      for (long ad : sample.ads) {
        builder.addImpression(ad);
      }
    }
    return builder.build();
  }

  /**
   * The histograms by their definition.
   *
   * @param vectors by image key, null where there is none
   * @return [impressions, tiers]
   */
  public int[] histograms(int tiers, LongFunction<float[]> vectors) {
    List<Integer> counts = new ArrayList<>();
    for (Images sample : samples) {
      for (long ad : sample.ads) {
        int[] histogram = new int[tiers];
        for (long behavior : sample.behaviors) {
          float[] a = ad == Fingerprints.NONE ? null : vectors.apply(ad);
          float[] b = behavior == Fingerprints.NONE ? null : vectors.apply(behavior);
          if (a != null && b != null) {
            double cosine = dot(a, b) / (Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b)));
            int tier = (int) Math.floor((cosine + 1) / 2 * tiers);
            histogram[Math.min(tiers - 1, Math.max(0, tier))]++;
          }
        }
        for (int count : histogram) {
          counts.add(count);
        }
      }
    }
    return counts.stream().mapToInt(Integer::intValue).toArray();
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (double) a[d] * b[d];
    }
    return sum;
  }
}
