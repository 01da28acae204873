package io.dicm.trainer.train;

import io.dicm.ams.table.KeyIndex;
import java.util.Arrays;

/**
 * Numbers distinct 64-bit keys in the order in which they are first seen, and keeps them in that
 * order. {@code Fingerprints.NONE} is no key. Not safe for use by many threads.
 */
final class DistinctKeys {
  private final KeyIndex index;
  private long[] keys;

  /**
   * @param expected about how many keys will come; more are welcome
   */
  DistinctKeys(int expected) {
    this.index = new KeyIndex(expected);
    this.keys = new long[Math.max(1, expected)];
  }

  /** The key's number; a key not seen before gets the next one. */
  int numberOf(long key) {
    int known = index.rowOf(key);
    if (known != KeyIndex.ABSENT) {
      return known;
    }
    int number = index.add(key);
    if (number == keys.length) {
      keys = Arrays.copyOf(keys, Math.multiplyExact(number, 2));
    }
    keys[number] = key;
    return number;
  }

  /** A copy of the keys, by number. */
  long[] keys() {
    return Arrays.copyOf(keys, index.size());
  }
}
