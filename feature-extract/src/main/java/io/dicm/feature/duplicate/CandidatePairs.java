package io.dicm.feature.duplicate;

import java.util.Arrays;

/**
 * Pairs of images whose hashes are near. Of many images with one and the same hash, all are paired
 * with the first {@link #MOST_OF_A_HASH}, and only these with images of other hashes: a thousand
 * equal placeholders are a group all the same, and not half a million pairs. Immutable.
 */
final class CandidatePairs {
  static final int MOST_OF_A_HASH = 16;

  private final ImageHashes images;
  private final long[] distinct;
  private final int[] starts;
  private final int[] byHash;

  CandidatePairs(ImageHashes images) {
    this.images = images;
    this.distinct = images.distinctHashes();
    this.starts = new int[distinct.length + 1];
    this.byHash = new int[images.count()];
    sortByHash();
  }

  /** All of them. */
  ImagePairs within(int maxDistance, long most) {
    ImagePairs pairs = new ImagePairs(most);
    for (int hash = 0; hash < distinct.length; hash++) {
      pairEqual(hash, pairs);
    }
    new HammingPairs(distinct, maxDistance)
        .forEach((first, second) -> pairNear(first, second, pairs));
    return pairs;
  }

  private void pairEqual(int hash, ImagePairs pairs) {
    int some = Math.min(starts[hash] + MOST_OF_A_HASH, starts[hash + 1]);
    for (int i = starts[hash]; i < some; i++) {
      for (int j = i + 1; j < starts[hash + 1]; j++) {
        pairs.add(byHash[i], byHash[j]);
      }
    }
  }

  private void pairNear(int first, int second, ImagePairs pairs) {
    int someFirst = Math.min(starts[first] + MOST_OF_A_HASH, starts[first + 1]);
    int someSecond = Math.min(starts[second] + MOST_OF_A_HASH, starts[second + 1]);
    for (int i = starts[first]; i < someFirst; i++) {
      for (int j = starts[second]; j < someSecond; j++) {
        pairs.add(byHash[i], byHash[j]);
      }
    }
  }

  /** Fills {@link #byHash} with the images' numbers, ascending within a hash. */
  private void sortByHash() {
    for (int image = 0; image < images.count(); image++) {
      starts[place(image) + 1]++;
    }
    for (int hash = 1; hash < starts.length; hash++) {
      starts[hash] += starts[hash - 1];
    }
    int[] next = starts.clone();
    for (int image = 0; image < images.count(); image++) {
      byHash[next[place(image)]++] = image;
    }
  }

  private int place(int image) {
    return Arrays.binarySearch(distinct, images.hash(image));
  }
}
