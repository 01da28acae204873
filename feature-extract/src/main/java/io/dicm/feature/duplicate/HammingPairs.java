package io.dicm.feature.duplicate;

/**
 * Finds all pairs among different 64-bit hashes that differ in few bits, without comparing all
 * pairs. The hashes are cut in m bands; two that differ in d bits have a band in which they differ
 * in at most d / m, rounded down. So for each band the hashes lie in buckets by their bits there,
 * and each looks into its own bucket and those as near as that (M. Norouzi, A. Punjani, D. Fleet,
 * "Fast Search in Hamming Space with Multi-Index Hashing", 2012, section 3). Exact: no pair is
 * missed. Needs 4 bytes a hash. Not safe for use by many threads.
 */
final class HammingPairs {
  /** Fewer bands would need tables of more than 2^16 buckets. */
  private static final int LEAST_BANDS = 4;

  private final long[] hashes;
  private final int maxDistance;
  private final int bands;
  private final int bandDistance;
  private final int[] order;

  /** Takes a pair. */
  @FunctionalInterface
  interface PairConsumer {
    /** The places of the two hashes in the array, the lower one first. */
    void accept(int first, int second);
  }

  /**
   * @param hashes each hash once; not copied
   * @param maxDistance most bits in which a pair differs, 0 to 63
   */
  HammingPairs(long[] hashes, int maxDistance) {
    this.hashes = hashes;
    this.maxDistance = maxDistance;
    this.bands = bands(hashes.length, maxDistance);
    this.bandDistance = maxDistance / bands;
    this.order = new int[hashes.length];
  }

  /** Gives every pair once. */
  void forEach(PairConsumer consumer) {
    for (int band = 0; band < bands; band++) {
      int[] starts = sortIntoBuckets(band);
      long changes = 1L << bits(band);
      for (long change = 0; change < changes; change++) {
        if (Long.bitCount(change) <= bandDistance) {
          join(band, (int) change, starts, consumer);
        }
      }
    }
  }

  /**
   * Bands of about log2(n) bits, so that a bucket has one hash or so; never more than one for each
   * bit of difference and one besides, with which all differences lie outside of some band.
   */
  private static int bands(int count, int maxDistance) {
    int countBits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(count));
    int wished = Math.round((float) Long.SIZE / countBits);
    return Math.max(LEAST_BANDS, Math.min(maxDistance + 1, wished));
  }

  /**
   * Fills {@link #order} by bucket; where each bucket starts in it, and where the last one ends.
   */
  private int[] sortIntoBuckets(int band) {
    int[] starts = new int[(1 << bits(band)) + 1];
    for (long hash : hashes) {
      starts[value(hash, band) + 1]++;
    }
    for (int bucket = 1; bucket < starts.length; bucket++) {
      starts[bucket] += starts[bucket - 1];
    }
    int[] next = starts.clone();
    for (int i = 0; i < hashes.length; i++) {
      order[next[value(hashes[i], band)]++] = i;
    }
    return starts;
  }

  /** Compares each hash with the bucket that has its bits of the band but for {@code change}. */
  private void join(int band, int change, int[] starts, PairConsumer consumer) {
    for (int i = 0; i < hashes.length; i++) {
      int bucket = value(hashes[i], band) ^ change;
      for (int at = starts[bucket]; at < starts[bucket + 1]; at++) {
        int j = order[at];
        long difference = hashes[i] ^ hashes[j];
        if (i < j && Long.bitCount(difference) <= maxDistance && isNew(difference, band)) {
          consumer.accept(i, j);
        }
      }
    }
  }

  /** Whether no earlier band has given the pair. */
  private boolean isNew(long difference, int band) {
    for (int earlier = 0; earlier < band; earlier++) {
      if (Integer.bitCount(value(difference, earlier)) <= bandDistance) {
        return false;
      }
    }
    return true;
  }

  private int value(long hash, int band) {
    return (int) (hash >>> start(band) & ((1L << bits(band)) - 1));
  }

  private int bits(int band) {
    return start(band + 1) - start(band);
  }

  private int start(int band) {
    return band * Long.SIZE / bands;
  }
}
