package io.dicm.feature.job;

import io.dicm.feature.decode.RejectedImage;

/** What decoding made of an image file. */
sealed interface PreparedImage {
  /** The image. */
  String imageId();

  /** Where it came from. */
  String path();

  /** Time that a decoding thread spent on it, ns. */
  long decodeNanos();

  /**
   * A picture that the network can take.
   *
   * @param contentDigest SHA-256 of the file's bytes
   * @param pixels the network's input, [3, 224, 224]
   * @param width as a viewer shows it, pixels
   * @param height as a viewer shows it, pixels
   * @param perceptualHash of the picture
   */
  record Pixels(
      String imageId,
      String path,
      long decodeNanos,
      String contentDigest,
      float[] pixels,
      int width,
      int height,
      long perceptualHash)
      implements PreparedImage {}

  /**
   * A file without a picture.
   *
   * @param rejection why
   */
  record Rejected(String imageId, String path, long decodeNanos, RejectedImage rejection)
      implements PreparedImage {}
}
