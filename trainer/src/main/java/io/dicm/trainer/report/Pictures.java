package io.dicm.trainer.report;

import java.util.Map;
import java.util.Optional;

/**
 * Small pictures for the page.
 *
 * @param jpegs small JPEG files by image_id
 * @param trouble a sentence for those that are not there; empty: none is missing
 */
record Pictures(Map<String, byte[]> jpegs, String trouble) {
  Pictures {
    jpegs = Map.copyOf(jpegs);
  }

  Optional<byte[]> of(ShownImage image) {
    return Optional.ofNullable(jpegs.get(image.imageId()));
  }
}
