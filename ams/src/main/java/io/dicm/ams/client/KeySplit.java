package io.dicm.ams.client;

import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;

/**
 * One array of keys, parted by the server that owns each: parts rows by owner and puts the owners'
 * rows together again. A part is in the ascending unsigned order of its keys, in which they travel
 * best. The key {@link Fingerprints#NONE} belongs to no server; its row is zeros and its gradient
 * is dropped. Immutable.
 */
final class KeySplit {
  private final long[][] keys;
  private final int[][] positions;
  private final int rows;

  private KeySplit(long[][] keys, int[][] positions, int rows) {
    this.keys = keys;
    this.positions = positions;
    this.rows = rows;
  }

  static KeySplit of(long[] keys, int servers) {
    int[] counts = new int[servers];
    for (long key : keys) {
      if (key != Fingerprints.NONE) {
        counts[Buckets.serverOf(key, servers)]++;
      }
    }
    KeySplit split = new KeySplit(new long[servers][], new int[servers][], keys.length);
    for (int server = 0; server < servers; server++) {
      split.keys[server] = new long[counts[server]];
      split.positions[server] = new int[counts[server]];
    }
    split.fill(keys);
    for (int server = 0; server < servers; server++) {
      KeySorter.sort(split.keys[server], split.positions[server]);
    }
    return split;
  }

  private void fill(long[] allKeys) {
    int[] filled = new int[keys.length];
    for (int i = 0; i < allKeys.length; i++) {
      if (allKeys[i] != Fingerprints.NONE) {
        int server = Buckets.serverOf(allKeys[i], keys.length);
        keys[server][filled[server]] = allKeys[i];
        positions[server][filled[server]++] = i;
      }
    }
  }

  /** The keys that a server owns, in ascending unsigned order. Not copied: do not change. */
  long[] keysOf(int server) {
    return keys[server];
  }

  /** The rows of a server's keys out of all rows, [all keys, columns]. */
  float[] part(int server, float[] values, int columns) {
    int[] places = positions[server];
    float[] part = new float[Math.multiplyExact(places.length, columns)];
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(values, places[i] * columns, part, i * columns, columns);
    }
    return part;
  }

  /** Room for all rows, zeros. */
  float[] allRows(int columns) {
    return new float[Math.multiplyExact(rows, columns)];
  }

  /** Puts a server's rows to their places among all rows. */
  void join(int server, float[] part, float[] allRows, int columns) {
    int[] places = positions[server];
    if (part.length != places.length * columns) {
      throw new IllegalStateException(
          "Server "
              + server
              + " answered "
              + part.length
              + " values for "
              + places.length
              + " keys");
    }
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(part, i * columns, allRows, places[i] * columns, columns);
    }
  }
}
