package io.dicm.feature.store;

import io.dicm.common.key.Buckets;

/** The order of images in a file of the store: by bucket, then by image key. */
public final class BucketOrder {
  private BucketOrder() {}

  /** Compares two image keys. */
  public static int compare(long left, long right) {
    int byBucket = Integer.compare(Buckets.of(left), Buckets.of(right));
    return byBucket != 0 ? byBucket : Long.compare(left, right);
  }
}
