package io.dicm.ams.embedding;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * Which IDs have an embedding of their own, and how much memory all of them may take.
 *
 * @param admissionCount steps in which an ID must have been asked for, the current one included, to
 *     be trained; 1: from the first on
 * @param expirySteps steps without being asked for after which an ID is forgotten; 0: never,
 *     otherwise at least {@value #LEAST_EXPIRY_STEPS}, more than any step lies behind another
 * @param floorRows trained embeddings that expiry leaves in any case, the latest used of them
 * @param memoryLimitBytes most bytes that they may take, with what finds and counts them, and
 *     together with what a server keeps of the images of open steps
 */
public record EmbeddingOptions(
    int admissionCount, long expirySteps, long floorRows, long memoryLimitBytes) {
  /** Fewest steps of {@link #expirySteps}, if any. */
  public static final long LEAST_EXPIRY_STEPS = 100;

  public EmbeddingOptions {
    check(admissionCount >= 1, DicmKeys.TRAIN_ID_ADMISSION_COUNT, admissionCount, ">= 1");
    check(
        expirySteps == 0 || expirySteps >= LEAST_EXPIRY_STEPS,
        DicmKeys.TRAIN_ID_EXPIRY_STEPS,
        expirySteps,
        "0 (never) or >= " + LEAST_EXPIRY_STEPS + " steps");
    check(floorRows >= 0, DicmKeys.TRAIN_ID_FLOOR_ROWS, floorRows, ">= 0 rows");
    check(memoryLimitBytes >= 0, "memory limit", memoryLimitBytes, ">= 0 bytes");
  }

  /** Every ID from its first use on, for ever. */
  public static EmbeddingOptions everyId(long memoryLimitBytes) {
    return new EmbeddingOptions(1, 0, 0, memoryLimitBytes);
  }

  /** The same for one of {@code servers}: each keeps an equal part of the floor, rounded up. */
  public EmbeddingOptions shareOf(int servers) {
    long share = floorRows / servers + (floorRows % servers == 0 ? 0 : 1);
    return new EmbeddingOptions(admissionCount, expirySteps, share, memoryLimitBytes);
  }

  private static void check(boolean right, String name, Number value, String allowed) {
    if (!right) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot set up the ID embeddings: %s was %s, allowed %s."
              .formatted(name, value, allowed));
    }
  }
}
