package io.dicm.feature.store;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/** The error of two image_ids that have one image key. */
public final class ImageKeyCollision {
  private ImageKeyCollision() {}

  /** The exception that names both. */
  public static DicmException of(String first, String second, long imageKey) {
    return new DicmException(
        ErrorCode.IMAGE_KEY_COLLISION,
        "Cannot store images "
            + first
            + " and "
            + second
            + ": both have the image key "
            + imageKey
            + ". Rename one of them.");
  }
}
