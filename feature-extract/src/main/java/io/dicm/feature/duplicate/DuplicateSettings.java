package io.dicm.feature.duplicate;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * What counts as near, and what may be used to find it.
 *
 * @param maxDistance most bits in which the perceptual hashes of two near images differ, 0 to 32
 * @param minCosine least cosine of their vectors, -1 to 1
 * @param memoryBytes memory for pairs and for vectors that wait for their partners, bytes
 */
public record DuplicateSettings(int maxDistance, double minCosine, long memoryBytes) {
  /** Nearly all pictures that were cropped by 2 % at each side, and no two different ones. */
  public static final int MAX_DISTANCE = 8;

  /** Of vectors whose values are all 0 or more, even different pictures may have 0.7. */
  public static final double MIN_COSINE = 0.9;

  private static final int GREATEST_DISTANCE = 32;
  private static final double HEAP_SHARE = 0.4;

  /**
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for a value out of its range
   */
  public DuplicateSettings {
    if (maxDistance < 0 || maxDistance > GREATEST_DISTANCE) {
      throw invalid("the greatest distance", maxDistance, "0 to " + GREATEST_DISTANCE);
    }
    if (!(minCosine >= -1 && minCosine <= 1)) {
      throw invalid("the least cosine", minCosine, "-1 to 1");
    }
    if (memoryBytes < 1) {
      throw invalid("the memory", memoryBytes, "1 byte or more");
    }
  }

  /** These limits, with a share of this process's heap. */
  public static DuplicateSettings of(int maxDistance, double minCosine) {
    return new DuplicateSettings(
        maxDistance, minCosine, (long) (HEAP_SHARE * Runtime.getRuntime().maxMemory()));
  }

  private static DicmException invalid(String what, Object value, String allowed) {
    return new DicmException(
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot look for near-duplicates: "
            + what
            + " was "
            + value
            + ", allowed "
            + allowed
            + ".");
  }
}
