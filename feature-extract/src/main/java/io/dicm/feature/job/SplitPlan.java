package io.dicm.feature.job;

/**
 * How many map tasks the images are spread over. Loading a network costs seconds, so there are as
 * few tasks as the limit allows, and as many in each round as may run at a time.
 *
 * @param imagesPerSplit most images of one task
 * @param maxConcurrentMaps tasks at a time; 0: no limit
 */
record SplitPlan(int imagesPerSplit, int maxConcurrentMaps) {
  /** The number of splits for a number of images, 1 or more. */
  int splits(int images) {
    int least = ceilingDivide(images, imagesPerSplit);
    if (maxConcurrentMaps == 0) {
      return least;
    }
    long rounds = ceilingDivide(least, maxConcurrentMaps);
    return (int) Math.min(images, rounds * maxConcurrentMaps);
  }

  private static int ceilingDivide(int dividend, int divisor) {
    return (int) ((dividend + divisor - 1L) / divisor);
  }
}
