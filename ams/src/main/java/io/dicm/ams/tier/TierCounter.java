package io.dicm.ams.tier;

import io.dicm.ams.compute.ComputeCrew;

/**
 * Counts the images of behaviours into tiers by the cosine c of their vectors and the shown item's:
 * tier floor((c + 1) / 2 * tiers), with c = 1 in the last one. An image without a vector, or with
 * one of zeros, which has no direction, is not counted; an item without one has a histogram of
 * zeros. What is counted does not depend on what else is asked, nor on threads. Safe for use by
 * many threads.
 */
public final class TierCounter {
  /** Impressions of one sample that each behaviour's vector is compared with at a time. */
  private static final int GROUP = 16;

  /** Impressions that are worth a thread of their own. */
  private static final int LEAST_IMPRESSIONS = 16;

  private final int dimension;
  private final ComputeCrew crew;

  /**
   * @param dimension of the vectors
   * @param crew counts; not closed here
   */
  public TierCounter(int dimension, ComputeCrew crew) {
    this.dimension = dimension;
    this.crew = crew;
  }

  /**
   * Counts for all impressions of a request.
   *
   * @param ads of the request's ad images
   * @param behaviors of the request's behaviour images
   * @return [impressions, tiers]
   */
  public int[] count(TierRequest request, ImageVectors ads, ImageVectors behaviors) {
    int[] counts = new int[request.countsLength()];
    count(request, 0, request.impressions(), ads, behaviors, counts);
    return counts;
  }

  /**
   * Counts for some impressions.
   *
   * @param from the first one
   * @param to the one after the last
   * @param counts of all impressions, to which these are added
   */
  void count(
      TierRequest request,
      int from,
      int to,
      ImageVectors ads,
      ImageVectors behaviors,
      int[] counts) {
    crew.run(
        crew.pieces(
            to - from,
            LEAST_IMPRESSIONS,
            (start, length) ->
                new Piece(request, ads, behaviors, counts)
                    .count(from + (int) start, from + (int) (start + length))));
  }

  /** Neighbouring impressions that one thread counts for. */
  private final class Piece {
    private final TierRequest request;
    private final ImageVectors ads;
    private final ImageVectors behaviors;
    private final int[] counts;
    private final DotProduct dot = new DotProduct(dimension);
    private final float[][] adVectors = new float[GROUP][];
    private final float[] squaredLengths = new float[GROUP];
    private final int[] impressions = new int[GROUP];
    private final float[] behavior = new float[dimension];

    Piece(TierRequest request, ImageVectors ads, ImageVectors behaviors, int[] counts) {
      this.request = request;
      this.ads = ads;
      this.behaviors = behaviors;
      this.counts = counts;
    }

    void count(int from, int to) {
      int sample = 0;
      int impression = from;
      while (impression < to) {
        while (request.impressionEnds()[sample] <= impression) {
          sample++;
        }
        int end = Math.min(Math.min(impression + GROUP, to), request.impressionEnds()[sample]);
        compare(sample, load(impression, end));
        impression = end;
      }
    }

    /** Loads the vectors of these impressions' items; gives how many have one. */
    private int load(int from, int to) {
      int loaded = 0;
      for (int impression = from; impression < to; impression++) {
        if (adVectors[loaded] == null) {
          adVectors[loaded] = new float[dimension];
        }
        float[] vector = adVectors[loaded];
        int ad = request.ads()[impression];
        if (ad != TierRequest.NO_IMAGE && ads.copy(ad, vector)) {
          squaredLengths[loaded] = dot.of(vector, vector);
          impressions[loaded] = impression;
          loaded += squaredLengths[loaded] > 0 ? 1 : 0;
        }
      }
      return loaded;
    }

    private void compare(int sample, int loaded) {
      if (loaded == 0) {
        return;
      }
      for (int i = request.behaviorsFrom(sample); i < request.behaviorEnds()[sample]; i++) {
        if (behaviors.copy(request.behaviors()[i], behavior)) {
          float squaredLength = dot.of(behavior, behavior);
          for (int ad = 0; ad < loaded && squaredLength > 0; ad++) {
            double product = (double) squaredLength * squaredLengths[ad];
            double cosine = dot.of(behavior, adVectors[ad]) / Math.sqrt(product);
            counts[impressions[ad] * request.tiers() + tierOf(cosine, request.tiers())]++;
          }
        }
      }
    }
  }

  /** The tier of a cosine, which rounding may have brought a little beyond -1 or 1. */
  static int tierOf(double cosine, int tiers) {
    return Math.max(0, Math.min(tiers - 1, (int) Math.floor((cosine + 1) / 2 * tiers)));
  }
}
