package io.dicm.feature.store;

import java.util.function.IntPredicate;

/**
 * What the manifest says about one Parquet file of the store.
 *
 * @param name the file's name within its partition
 * @param rows images in it
 * @param bytes the file's length
 * @param sha256 lower-case hexadecimal SHA-256 of the file
 * @param buckets the buckets that have images in it, ascending
 * @param bucketRows images of each of these buckets
 */
public record FeatureFile(
    String name, long rows, long bytes, String sha256, int[] buckets, long[] bucketRows) {

  /** Whether an image of a wanted bucket is in the file. */
  boolean holdsAny(IntPredicate wanted) {
    for (int bucket : buckets) {
      if (wanted.test(bucket)) {
        return true;
      }
    }
    return false;
  }

  /** Images of wanted buckets in the file. */
  long rowsOf(IntPredicate wanted) {
    long sum = 0;
    for (int i = 0; i < buckets.length; i++) {
      sum += wanted.test(buckets[i]) ? bucketRows[i] : 0;
    }
    return sum;
  }
}
