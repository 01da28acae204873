package io.dicm.feature.duplicate;

import io.dicm.feature.store.FeatureSnapshot;
import java.io.IOException;
import java.util.Arrays;

/**
 * Keys and perceptual hashes of all images of a snapshot, 16 bytes an image, numbered from 0 in the
 * snapshot's order. Not safe for use by many threads while it is filled.
 */
final class ImageHashes {
  private static final int FIRST_CAPACITY = 1024;

  private long[] keys = new long[FIRST_CAPACITY];
  private long[] hashes = new long[FIRST_CAPACITY];
  private int count;

  /** Reads them; no vector is read. */
  static ImageHashes read(FeatureSnapshot snapshot) throws IOException {
    ImageHashes images = new ImageHashes();
    snapshot.scanHashes((imageId, imageKey, hash) -> images.add(imageKey, hash));
    return images;
  }

  void add(long imageKey, long perceptualHash) {
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, Math.addExact(count, count));
      hashes = Arrays.copyOf(hashes, keys.length);
    }
    keys[count] = imageKey;
    hashes[count] = perceptualHash;
    count++;
  }

  /** Number of images. */
  int count() {
    return count;
  }

  /** An image's key. */
  long key(int image) {
    return keys[image];
  }

  /** An image's perceptual hash. */
  long hash(int image) {
    return hashes[image];
  }

  /** The hashes that occur, each once, ascending. */
  long[] distinctHashes() {
    long[] sorted = Arrays.copyOf(hashes, count);
    Arrays.sort(sorted);
    int distinct = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        sorted[distinct++] = sorted[i];
      }
    }
    return Arrays.copyOf(sorted, distinct);
  }
}
