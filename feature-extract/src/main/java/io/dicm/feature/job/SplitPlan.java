package io.dicm.feature.job;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;

/**
 * How many map tasks the images are spread over. Loading a network costs seconds, so there are as
 * few tasks as the limits allow, and as many in each round as may run at a time.
 *
 * @param imagesPerSplit most images of one task
 * @param bytesPerSplit most bytes of one task
 * @param maxConcurrentMaps tasks at a time; 0: no limit
 */
record SplitPlan(int imagesPerSplit, long bytesPerSplit, int maxConcurrentMaps) {
  private static final long MIB = 1L << 20;
  private static final int MOST_SPLIT_MB = 1 << 20;
  private static final int MOST_TASKS = 100_000;

  static SplitPlan of(DicmConfiguration settings) {
    return new SplitPlan(
        settings.integer(DicmKeys.EXTRACT_IMAGES_PER_SPLIT, 1, Integer.MAX_VALUE),
        MIB * settings.integer(DicmKeys.EXTRACT_MB_PER_SPLIT, 1, MOST_SPLIT_MB),
        settings.integer(DicmKeys.EXTRACT_MAX_CONCURRENT_MAPS, 0, MOST_TASKS));
  }

  /** The number of splits for so many images and bytes, 1 or more. */
  int splits(long images, long bytes) {
    long least =
        Math.max(ceilingDivide(images, imagesPerSplit), ceilingDivide(bytes, bytesPerSplit));
    long splits =
        maxConcurrentMaps == 0
            ? least
            : ceilingDivide(least, maxConcurrentMaps) * maxConcurrentMaps;
    return (int) Math.max(1, Math.min(Math.min(images, splits), Integer.MAX_VALUE));
  }

  /** Whether the limit of bytes asks for more splits than that of images. */
  boolean bytesDecide(long images, long bytes) {
    return ceilingDivide(bytes, bytesPerSplit) > ceilingDivide(images, imagesPerSplit);
  }

  private static long ceilingDivide(long dividend, long divisor) {
    return dividend / divisor + (dividend % divisor == 0 ? 0 : 1);
  }
}
