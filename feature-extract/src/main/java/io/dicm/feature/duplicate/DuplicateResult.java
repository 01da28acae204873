package io.dicm.feature.duplicate;

import java.util.List;

/**
 * What was found among the images of a partition.
 *
 * @param images images that were looked at
 * @param candidatePairs pairs whose hashes are near
 * @param nearPairs those whose vectors are near as well
 * @param groups by image_id of their representatives
 */
public record DuplicateResult(
    long images, long candidatePairs, long nearPairs, List<DuplicateGroup> groups) {
  /** Copies the list. */
  public DuplicateResult {
    groups = List.copyOf(groups);
  }

  /** Images in groups. */
  public long groupedImages() {
    return groups.stream().mapToLong(group -> group.images().size()).sum();
  }
}
