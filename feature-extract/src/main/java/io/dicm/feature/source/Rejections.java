package io.dicm.feature.source;

import io.dicm.feature.decode.RejectedImage;
import io.dicm.feature.decode.RejectionReason;

/** The rejections that need no look at the picture. */
final class Rejections {
  private Rejections() {}

  static RejectedImage tooLarge(long length, long maxBytes) {
    return new RejectedImage(RejectionReason.TOO_LARGE, length + " bytes, allowed " + maxBytes);
  }
}
