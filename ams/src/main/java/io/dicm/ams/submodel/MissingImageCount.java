package io.dicm.ams.submodel;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The images of one request that the feature store does not have: how many, and some by key. Not
 * safe for use by many threads.
 */
public final class MissingImageCount {
  private static final int NAMED = 5;

  private final Set<Long> named = new LinkedHashSet<>();
  private long references;
  private long missing;

  /** Counts one reference to an image. */
  public void add(long imageKey, boolean isMissing) {
    addReferences(1);
    if (isMissing) {
      addMissing(imageKey);
    }
  }

  /** Counts references, to images that are there and to others. */
  public void addReferences(long count) {
    references += count;
  }

  /** Says that an image that was referred to is not there. */
  public void addMissing(long imageKey) {
    missing++;
    if (named.size() < NAMED) {
      named.add(imageKey);
    }
  }

  /** References to images that are not there. */
  public long missing() {
    return missing;
  }

  /**
   * The error where missing images are not allowed.
   *
   * @param what was to be done, after "Cannot"
   */
  public DicmException refusal(String what) {
    return new DicmException(
        ErrorCode.INPUT_MISSING,
        "Cannot "
            + what
            + ": the feature store lacks "
            + missing
            + " of the "
            + references
            + " images asked for, by image_key "
            + named
            + (missing > named.size() ? " and others" : "")
            + ". Extract all images, or train with dicm.train.missing-image zero or learned.");
  }
}
