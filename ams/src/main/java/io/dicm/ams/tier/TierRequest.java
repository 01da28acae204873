package io.dicm.ams.tier;

import java.util.stream.IntStream;

/**
 * The tier histograms of a step's impressions, by sample: impressions of one sample share its
 * behaviours. The answer is a row of counts for each impression, [impressions, tiers]. The arrays
 * are not copied: do not change them.
 *
 * @param tiers into which the cosines -1 to 1 are cut evenly; 0 of {@link #NONE} alone
 * @param adImageKeys images of the shown items, each once, in ascending unsigned order
 * @param behaviorImageKeys images of the behaviours, each once, in ascending unsigned order
 * @param behaviors places in {@code behaviorImageKeys}, sample after sample, ascending within each;
 *     an image that a user clicked twice counts twice
 * @param behaviorEnds where the behaviours of each sample end, [samples]
 * @param ads place in {@code adImageKeys} of each impression's image, sample after sample, [
 *     impressions]; {@link #NO_IMAGE} for an item without one
 * @param impressionEnds where the impressions of each sample end, [samples]
 */
public record TierRequest(
    int tiers,
    long[] adImageKeys,
    long[] behaviorImageKeys,
    int[] behaviors,
    int[] behaviorEnds,
    int[] ads,
    int[] impressionEnds) {
  /** Stands for the image of an item that has none. */
  public static final int NO_IMAGE = -1;

  /** Fewer tell nothing. */
  public static final int LEAST_TIERS = 2;

  /** More are finer than vectors of related pictures differ. */
  public static final int MOST_TIERS = 64;

  /** Of a network that has no use for histograms. */
  public static final TierRequest NONE =
      new TierRequest(0, new long[0], new long[0], new int[0], new int[0], new int[0], new int[0]);

  public TierRequest {
    boolean none = tiers == 0 && ads.length == 0;
    if (!none && (tiers < LEAST_TIERS || tiers > MOST_TIERS)) {
      throw invalid("tiers were " + tiers + ", allowed " + LEAST_TIERS + ".." + MOST_TIERS);
    }
    checkPlaces("behaviours", behaviors, 0, behaviorImageKeys.length);
    checkPlaces("impressions", ads, NO_IMAGE, adImageKeys.length);
    checkEnds("behaviours", behaviorEnds, behaviors.length);
    checkEnds("impressions", impressionEnds, ads.length);
    if (behaviorEnds.length != impressionEnds.length) {
      throw invalid(
          "behaviours were of "
              + behaviorEnds.length
              + " samples, impressions of "
              + impressionEnds.length);
    }
  }

  private static void checkPlaces(String what, int[] places, int from, int to) {
    if (IntStream.of(places).anyMatch(place -> place < from || place >= to)) {
      throw invalid(what + " have images that are none of the " + to);
    }
  }

  private static void checkEnds(String what, int[] ends, int length) {
    int last = 0;
    for (int end : ends) {
      if (end < last) {
        throw invalid("a sample's " + what + " end before they begin");
      }
      last = end;
    }
    if (last != length) {
      throw invalid("samples have " + last + " " + what + " of " + length);
    }
  }

  private static IllegalArgumentException invalid(String why) {
    return new IllegalArgumentException("Cannot ask for tier histograms: " + why);
  }

  /** Whether there is nothing to count. */
  public boolean isEmpty() {
    return ads.length == 0;
  }

  /** The number of samples. */
  public int samples() {
    return impressionEnds.length;
  }

  /** The number of impressions. */
  public int impressions() {
    return ads.length;
  }

  /** The number of counts that answer it. */
  public int countsLength() {
    return Math.multiplyExact(ads.length, tiers);
  }

  /** Where the behaviours of a sample begin. */
  int behaviorsFrom(int sample) {
    return sample == 0 ? 0 : behaviorEnds[sample - 1];
  }

  /** Where the impressions of a sample begin. */
  int impressionsFrom(int sample) {
    return sample == 0 ? 0 : impressionEnds[sample - 1];
  }
}
