package io.dicm.feature.store;

import io.dicm.common.key.Buckets;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.IntPredicate;

/**
 * What the manifest says about one Parquet file of the store.
 *
 * @param name the file's name within its partition, or with a slash relative to the extractor's
 *     directory, such as {@code dt=2026-11-24/part-r-00000-5f1c09aa.parquet}
 * @param rows images in it, replaced ones included
 * @param bytes the file's length
 * @param sha256 lower-case hexadecimal SHA-256 of the file
 * @param buckets the buckets that have images in it, ascending
 * @param bucketRows images of each of these buckets, replaced ones included
 * @param bucketReplaced images of each of these buckets that a later file replaces, or that were
 *     forgotten: the snapshot does not have these rows; absent in format version 1: none
 */
public record FeatureFile(
    String name,
    long rows,
    long bytes,
    String sha256,
    int[] buckets,
    long[] bucketRows,
    long[] bucketReplaced) {
  public FeatureFile {
    if (bucketReplaced == null) {
      bucketReplaced = new long[buckets.length];
    }
  }

  /** A file all of whose rows are part of the snapshot. */
  public static FeatureFile whole(
      String name, long rows, long bytes, String sha256, int[] buckets, long[] bucketRows) {
    return new FeatureFile(
        name, rows, bytes, sha256, buckets, bucketRows, new long[buckets.length]);
  }

  /** The same file under another name. */
  public FeatureFile named(String other) {
    return new FeatureFile(other, rows, bytes, sha256, buckets, bucketRows, bucketReplaced);
  }

  /** The same file with more of its rows replaced. */
  FeatureFile replacing(Collection<Long> imageKeys) {
    long[] replaced = bucketReplaced.clone();
    for (long key : imageKeys) {
      replaced[Arrays.binarySearch(buckets, Buckets.of(key))]++;
    }
    return new FeatureFile(name, rows, bytes, sha256, buckets, bucketRows, replaced);
  }

  /** Images of the snapshot in it. */
  public long liveRows() {
    return rows - Arrays.stream(bucketReplaced).sum();
  }

  /** Whether an image of a wanted bucket is in the file. */
  boolean holdsAny(IntPredicate wanted) {
    return rowsOf(wanted) > 0;
  }

  /** Images of wanted buckets that the snapshot has from this file. */
  long rowsOf(IntPredicate wanted) {
    long sum = 0;
    for (int i = 0; i < buckets.length; i++) {
      sum += wanted.test(buckets[i]) ? bucketRows[i] - bucketReplaced[i] : 0;
    }
    return sum;
  }
}
