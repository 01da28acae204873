package io.dicm.trainer.report;

/**
 * An image by its name.
 *
 * @param imageKey its key, in samples and tables
 * @param imageId its name in the catalogue; empty when the feature store does not know the key
 */
record ShownImage(long imageKey, String imageId) {
  /** The name, or the key where there is none. */
  String label() {
    return imageId.isEmpty() ? "key " + Long.toUnsignedString(imageKey, 16) : imageId;
  }
}
