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
 * @param extractedAtMs when it was extracted, milliseconds since 1970 UTC
 */
public record FeatureRecord(
    String imageId,
    long imageKey,
    String contentDigest,
    float[] feature,
    int width,
    int height,
    long extractedAtMs) {
  /** The same picture as another image. */
  public FeatureRecord named(String otherId) {
    return new FeatureRecord(
        otherId,
        Fingerprints.imageKey(otherId),
        contentDigest,
        feature,
        width,
        height,
        extractedAtMs);
  }
}
