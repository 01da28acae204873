package io.dicm.feature.store;

import io.dicm.common.key.Fingerprints;

/**
 * One image of the feature store.
 *
 * @param imageId the image's name in the catalogue
 * @param imageKey {@code Fingerprints.imageKey(imageId)}
 * @param contentDigest lower-case hexadecimal SHA-256 of the image file's bytes
 * @param feature the vector, [dimension]; owned by the receiver
 * @param width the picture's width, pixels, as decoded and before scaling
 * @param height the picture's height, pixels
 * @param extractedAtMs when it was extracted, or copied from another image; milliseconds since 1970
 *     UTC. Of a day's rows of an image the one with the latest time counts
 * @param perceptualHash {@code PerceptualHash} of the picture; near-duplicates differ in few bits
 */
public record FeatureRecord(
    String imageId,
    long imageKey,
    String contentDigest,
    float[] feature,
    int width,
    int height,
    long extractedAtMs,
    long perceptualHash) {
  /** A vector that comes from no picture: its perceptual hash is 0, as that of an empty one. */
  public FeatureRecord(
      String imageId,
      long imageKey,
      String contentDigest,
      float[] feature,
      int width,
      int height,
      long extractedAtMs) {
    this(imageId, imageKey, contentDigest, feature, width, height, extractedAtMs, 0L);
  }

  /**
   * The same picture as another image.
   *
   * @param copiedAtMs when the vector became that of the other image, milliseconds since 1970 UTC
   */
  public FeatureRecord copiedTo(String otherId, long copiedAtMs) {
    return new FeatureRecord(
        otherId,
        Fingerprints.imageKey(otherId),
        contentDigest,
        feature,
        width,
        height,
        copiedAtMs,
        perceptualHash);
  }

  /** The first value that is infinite or no number, from 0; -1: all are good. */
  int firstNonFinite() {
    for (int i = 0; i < feature.length; i++) {
      if (!Float.isFinite(feature[i])) {
        return i;
      }
    }
    return -1;
  }
}
