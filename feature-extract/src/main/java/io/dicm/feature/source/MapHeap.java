package io.dicm.feature.source;

import io.dicm.feature.decode.DecodeLimits;

/**
 * A map task's Java heap and how much of it each part of the extraction may take, so that all of
 * them together fit.
 *
 * @param totalMb {@code -Xmx}, MiB
 */
public record MapHeap(int totalMb) {
  /** Image files that wait for a decoder, MiB. */
  public static final int FILES_AHEAD_MB = 64;

  /** Hadoop's sort buffer, MiB. */
  public static final int SORT_BUFFER_MB = 64;

  private static final int MOST_MB = 512;

  /** 64 pictures that wait for the network, of 0.6 MiB each for VGG16. */
  private static final int PREPARED_MB = 40;

  /** The heap in a container of this size, MiB: the rest is native. */
  public static MapHeap of(int mapMemoryMb) {
    return new MapHeap(Math.min(MOST_MB, mapMemoryMb / 2));
  }

  /** What is left for a row group of a Parquet file beside all else, MiB; 0 or more. */
  public int rowGroupMb() {
    int rest = (int) ((1 - DecodeLimits.HEAP_SHARE) * totalMb);
    return Math.max(0, rest - FILES_AHEAD_MB - SORT_BUFFER_MB - PREPARED_MB);
  }
}
