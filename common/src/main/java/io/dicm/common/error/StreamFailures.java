package io.dicm.common.error;

import java.io.IOException;

/**
 * Why a stream failed. HDFS throws the same exception once more when a stream that failed is
 * closed; try-with-resources cannot add an exception to itself and throws an {@link
 * IllegalArgumentException} instead, which says nothing of the reason.
 */
public final class StreamFailures {
  private static final String HIDES_THE_REASON = "Self-suppression not permitted";

  private StreamFailures() {}

  /** The failure, or what it hides. */
  public static Exception reason(Exception failure) {
    return failure instanceof IllegalArgumentException
            && HIDES_THE_REASON.equals(failure.getMessage())
            && failure.getCause() instanceof IOException hidden
        ? hidden
        : failure;
  }
}
