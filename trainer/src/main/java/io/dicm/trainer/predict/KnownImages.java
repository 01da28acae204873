package io.dicm.trainer.predict;

import io.dicm.ams.table.KeyIndex;
import io.dicm.feature.store.FeaturePart;
import java.io.IOException;
import java.util.function.LongPredicate;

/**
 * Which images a feature store has: their keys in memory, at most 40 bytes an image. Filled by one
 * thread, read by any.
 */
public final class KnownImages implements LongPredicate {
  private static final int FIRST_KEYS = 1024;

  private final KeyIndex keys = new KeyIndex(FIRST_KEYS);

  private KnownImages() {}

  /** Those of a snapshot, whose vectors are not read. */
  public static KnownImages of(FeaturePart snapshot) throws IOException {
    KnownImages images = new KnownImages();
    snapshot.scanHashes((imageId, imageKey, hash) -> images.keys.add(imageKey));
    return images;
  }

  /** Whether the store has the image; it has no image without a key. */
  @Override
  public boolean test(long imageKey) {
    return keys.rowOf(imageKey) != KeyIndex.ABSENT;
  }
}
