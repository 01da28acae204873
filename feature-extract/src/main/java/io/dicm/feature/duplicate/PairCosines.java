package io.dicm.feature.duplicate;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureSnapshot;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Computes the cosine of each pair of images from the store's vectors, of which no more are in
 * memory than were allowed. The store is read from one end to the other: a vector whose partners
 * are still to come is kept until they have come, if there is room; what found none is done when
 * the store is read again. Only vectors of pairs are decoded. For one use and one thread.
 */
final class PairCosines {
  private final ImagePairs pairs;
  private final long[] keys;
  private final int[] ends;
  private final int[] starts;
  private final int[] pairsOf;
  private final int[] open;
  private final float[][] waiting;
  private final float[] cosines;
  private final int room;
  private int waitingCount;
  private int openPairs;

  /**
   * @param images that the pairs are of
   * @param room vectors in memory at a time, 1 or more
   */
  PairCosines(ImageHashes images, ImagePairs pairs, int room) {
    this.pairs = pairs;
    this.room = room;
    this.keys = keys(images, pairs);
    this.ends = new int[2 * pairs.count()];
    this.starts = new int[keys.length + 1];
    this.pairsOf = new int[2 * pairs.count()];
    this.open = new int[keys.length];
    this.waiting = new float[keys.length][];
    this.cosines = new float[pairs.count()];
    Arrays.fill(cosines, Float.NaN);
    this.openPairs = pairs.count();
    link(images);
  }

  /**
   * Reads the store as often as it takes.
   *
   * @return the cosine of each pair, [pairs]; 0 where a vector has no length
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when images of pairs are not there
   */
  float[] compute(FeatureSnapshot snapshot) throws IOException {
    while (openPairs > 0) {
      int before = openPairs;
      int waitingBefore = waitingCount;
      snapshot.scanImages(this::isWanted, this::take);
      // What waits when a reading begins has met all its partners when it ends.
      if (openPairs == before && (waitingBefore > 0 || waitingCount == 0)) {
        throw new DicmException(
            ErrorCode.STORE_CORRUPT,
            "Cannot compare image vectors: images that were listed are not there any more. Was the"
                + " partition replaced meanwhile? Run again.");
      }
    }
    return cosines;
  }

  private boolean isWanted(long imageKey) {
    int image = Arrays.binarySearch(keys, imageKey);
    return image >= 0 && open[image] > 0;
  }

  private void take(FeatureRecord record) {
    int image = Arrays.binarySearch(keys, record.imageKey());
    float[] vector = unitLength(record.feature());
    for (int at = starts[image]; at < starts[image + 1]; at++) {
      int pair = pairsOf[at];
      int partner = ends[2 * pair] == image ? ends[2 * pair + 1] : ends[2 * pair];
      if (waiting[partner] != null && Float.isNaN(cosines[pair])) {
        cosines[pair] = dot(vector, waiting[partner]);
        close(image, partner);
      }
    }
    if (open[image] > 0 && waiting[image] == null && waitingCount < room) {
      waiting[image] = vector;
      waitingCount++;
    }
  }

  private void close(int image, int partner) {
    openPairs--;
    open[image]--;
    open[partner]--;
    if (open[partner] == 0) {
      release(partner);
    }
    if (open[image] == 0) {
      release(image);
    }
  }

  private void release(int image) {
    if (waiting[image] != null) {
      waiting[image] = null;
      waitingCount--;
    }
  }

  /** The keys of all images that are in a pair, each once, ascending. */
  private static long[] keys(ImageHashes images, ImagePairs pairs) {
    return IntStream.range(0, pairs.count())
        .flatMap(pair -> IntStream.of(pairs.first(pair), pairs.second(pair)))
        .mapToLong(images::key)
        .sorted()
        .distinct()
        .toArray();
  }

  private void link(ImageHashes images) {
    for (int pair = 0; pair < pairs.count(); pair++) {
      ends[2 * pair] = Arrays.binarySearch(keys, images.key(pairs.first(pair)));
      ends[2 * pair + 1] = Arrays.binarySearch(keys, images.key(pairs.second(pair)));
    }
    for (int end : ends) {
      open[end]++;
      starts[end + 1]++;
    }
    for (int image = 1; image < starts.length; image++) {
      starts[image] += starts[image - 1];
    }
    int[] next = starts.clone();
    for (int i = 0; i < ends.length; i++) {
      pairsOf[next[ends[i]]++] = i / 2;
    }
  }

  private static float[] unitLength(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    float scale = squares == 0 ? 0 : (float) (1 / Math.sqrt(squares));
    float[] unit = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      unit[i] = scale * vector[i];
    }
    return unit;
  }

  private static float dot(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (double) one[i] * other[i];
    }
    return (float) Math.max(-1, Math.min(1, sum));
  }
}
