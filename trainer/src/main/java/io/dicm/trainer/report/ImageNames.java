package io.dicm.trainer.report;

import io.dicm.feature.store.FeatureSnapshot;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Finds the names of images by their keys, in one pass over the store's columns of names. */
@FunctionalInterface
interface ImageNames {
  /** Names by key; keys that are not known are left out. */
  Map<Long, String> of(Set<Long> imageKeys) throws IOException;

  /** By a feature store. */
  static ImageNames in(FeatureSnapshot snapshot) {
    return imageKeys -> {
      Map<Long, String> names = new HashMap<>();
      snapshot.scanHashes(
          (imageId, imageKey, hash) -> {
            if (imageKeys.contains(imageKey)) {
              names.put(imageKey, imageId);
            }
          });
      return names;
    };
  }
}
