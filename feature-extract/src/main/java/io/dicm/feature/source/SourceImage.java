package io.dicm.feature.source;

import io.dicm.feature.decode.RejectedImage;
import java.util.Optional;

/**
 * An image as a source gives it: its bytes, or why they were not read.
 *
 * @param imageId the image_id
 * @param path where it is, for people; {@code file#image_id} within a file of many
 * @param bytes the picture's file; empty when it was rejected; not copied
 * @param rejection why it was not read, if it was not
 */
public record SourceImage(
    String imageId, String path, byte[] bytes, Optional<RejectedImage> rejection) {
  static SourceImage of(String imageId, String path, byte[] bytes) {
    return new SourceImage(imageId, path, bytes, Optional.empty());
  }

  static SourceImage rejected(String imageId, String path, RejectedImage rejection) {
    return new SourceImage(imageId, path, new byte[0], Optional.of(rejection));
  }
}
