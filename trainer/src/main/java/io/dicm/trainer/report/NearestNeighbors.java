package io.dicm.trainer.report;

import java.util.List;

/**
 * Images with their nearest ones by two measures.
 *
 * @param dimension floats of an extractor's vector
 * @param codeDimension floats of a code
 * @param candidates images among which neighbours were looked for
 * @param images images of the store
 * @param queries the images
 */
record NearestNeighbors(
    int dimension, int codeDimension, long candidates, long images, List<Query> queries) {
  /**
   * One image.
   *
   * @param byCode nearest by the cosine of the ad codes, the nearest first
   * @param byVector nearest by the cosine of the scaled vectors
   */
  record Query(ShownImage image, List<Neighbor> byCode, List<Neighbor> byVector) {
    /** How many are in both lists. */
    long common() {
      return byCode.stream()
          .filter(
              one ->
                  byVector.stream()
                      .anyMatch(other -> other.image().imageKey() == one.image().imageKey()))
          .count();
    }
  }

  /** A neighbour. */
  record Neighbor(ShownImage image, double cosine) {}
}
