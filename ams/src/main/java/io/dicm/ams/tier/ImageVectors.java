package io.dicm.ams.tier;

/** Vectors of a list of images. Safe for use by many threads. */
@FunctionalInterface
public interface ImageVectors {
  /**
   * Copies an image's vector.
   *
   * @param place of the image in the list
   * @param target gets it, [dimension]
   * @return false when the image has no vector; the target is as it was then
   */
  boolean copy(int place, float[] target);
}
