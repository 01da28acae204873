package io.dicm.feature.job;

import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vectors that the same extractor computed earlier for a task's images; a picture whose bytes did
 * not change needs no second computation. Immutable.
 */
final class KnownVectors {
  private static final Logger LOG = LoggerFactory.getLogger(KnownVectors.class);

  private final Map<String, FeatureRecord> byImageId;

  private KnownVectors(Map<String, FeatureRecord> byImageId) {
    this.byImageId = byImageId;
  }

  /** Knows nothing. */
  static KnownVectors none() {
    return new KnownVectors(Map.of());
  }

  /**
   * Reads what the partition named by {@link ExtractJobKeys#KNOWN_DATE} has of these images. An
   * earlier partition that is damaged costs time, not the extraction.
   */
  static KnownVectors load(Configuration conf, Set<String> imageIds) {
    String date = conf.get(ExtractJobKeys.KNOWN_DATE, "");
    if (date.isEmpty()) {
      return none();
    }
    FeatureStore store = FeatureStore.open(conf, new Path(conf.get(ExtractJobKeys.STORE)));
    Map<String, FeatureRecord> known = new HashMap<>();
    try {
      store
          .snapshot(date)
          .scan(
              bucket -> true,
              image -> {
                if (imageIds.contains(image.imageId())) {
                  known.put(image.imageId(), image);
                }
              });
    } catch (IOException | RuntimeException e) {
      // A lost block is an IOException; damaged bytes may confuse Parquet's reader in any way.
      LOG.warn("Computing all vectors anew: those of {} cannot be read", date, e);
      return none();
    }
    return new KnownVectors(Map.copyOf(known));
  }

  /** The image's vector, if it was computed from the same bytes. */
  Optional<FeatureRecord> find(String imageId, String contentDigest) {
    return Optional.ofNullable(byImageId.get(imageId))
        .filter(image -> image.contentDigest().equals(contentDigest));
  }
}
