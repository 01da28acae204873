package io.dicm.feature.job;

import java.util.Arrays;
import java.util.OptionalLong;

/** A growing array of 64-bit integers, 8 bytes each. Not safe for use by many threads. */
final class LongArray {
  private static final int FIRST = 1024;

  private long[] values = new long[FIRST];
  private int count;

  void add(long value) {
    if (count == values.length) {
      values = Arrays.copyOf(values, Math.addExact(count, count >> 1));
    }
    values[count] = value;
    count++;
  }

  long size() {
    return count;
  }

  /** The least value that is there twice, if any is; the array is sorted by it. */
  OptionalLong firstDuplicate() {
    Arrays.sort(values, 0, count);
    for (int i = 1; i < count; i++) {
      if (values[i] == values[i - 1]) {
        return OptionalLong.of(values[i]);
      }
    }
    return OptionalLong.empty();
  }
}
