package io.dicm.feature.duplicate;

import java.util.List;

/**
 * Images that look alike.
 *
 * @param images two or more; the representative, which has the least image_id, comes first, the
 *     others follow by image_id
 */
public record DuplicateGroup(List<NearDuplicate> images) {
  /** Copies the list. */
  public DuplicateGroup {
    images = List.copyOf(images);
  }

  /** The image that stands for all. */
  public String representative() {
    return images.get(0).imageId();
  }

  /** The representative's key: a number that stays as long as the representative does. */
  public long groupId() {
    return images.get(0).imageKey();
  }
}
