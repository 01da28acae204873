package io.dicm.feature.duplicate;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Arrays;

/** Pairs of images by their numbers, 8 bytes a pair. Not safe for use by many threads. */
final class ImagePairs {
  private static final int FIRST_CAPACITY = 256;

  private final long most;
  private long[] pairs = new long[FIRST_CAPACITY];
  private int count;

  /**
   * @param most pairs that memory has room for
   */
  ImagePairs(long most) {
    this.most = most;
  }

  /**
   * Adds a pair.
   *
   * @throws DicmException {@link ErrorCode#MEMORY_PLAN_TOO_LARGE} when there are too many
   */
  void add(int first, int second) {
    if (count >= most) {
      throw new DicmException(
          ErrorCode.MEMORY_PLAN_TOO_LARGE,
          "Cannot look for near-duplicates: more than "
              + most
              + " pairs of images have hashes that near. Lower the greatest distance, or give the"
              + " process a larger heap.");
    }
    if (count == pairs.length) {
      pairs = Arrays.copyOf(pairs, (int) Math.min(2L * count, Integer.MAX_VALUE - 8));
    }
    pairs[count++] = (long) first << Integer.SIZE | second;
  }

  int count() {
    return count;
  }

  int first(int pair) {
    return (int) (pairs[pair] >>> Integer.SIZE);
  }

  int second(int pair) {
    return (int) pairs[pair];
  }
}
