package io.dicm.trainer.predict;

import io.dicm.ams.table.KeyIndex;
import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleSource;
import java.io.IOException;
import java.util.function.LongPredicate;

/**
 * The images that samples refer to, of shown items and of behaviours: keys in memory, at most 40
 * bytes each. Filled by one thread, read by any.
 */
public final class WantedImages implements LongPredicate {
  private static final int FIRST_KEYS = 1024;

  private final KeyIndex keys = new KeyIndex(FIRST_KEYS);

  private WantedImages() {}

  /** Those of all samples of the source, which it closes. */
  public static WantedImages of(SampleSource samples) throws IOException {
    WantedImages images = new WantedImages();
    try (samples) {
      for (Sample sample = samples.next(); sample != null; sample = samples.next()) {
        for (long key : sample.behaviors().imageKeys()) {
          images.add(key);
        }
        for (Impression impression : sample.impressions()) {
          images.add(impression.imageKey());
        }
      }
    }
    return images;
  }

  @Override
  public boolean test(long imageKey) {
    return keys.rowOf(imageKey) != KeyIndex.ABSENT;
  }

  private void add(long key) {
    if (key != Fingerprints.NONE) {
      keys.add(key);
    }
  }
}
