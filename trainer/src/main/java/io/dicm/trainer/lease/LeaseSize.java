package io.dicm.trainer.lease;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * How much work a member takes at a time; rows are samples. What it has taken and not finished is
 * what the others cannot help with: so leases and shuffle buffers are small shares of all rows
 * where there are few.
 *
 * @param mostRows of a lease, 1 or more
 * @param members who share the work, 1 or more
 */
public record LeaseSize(int mostRows, int members) {
  /** At least so many leases a member, as far as there are rows. */
  private static final int LEASES_A_MEMBER = 16;

  /** A member's shuffle buffer holds at most this part of an equal share. */
  private static final int BUFFERS_A_SHARE = 8;

  private static final int MOST_ROWS = 1 << 26;

  public LeaseSize {
    if (mostRows < 1 || members < 1) {
      throw new IllegalArgumentException(
          "Samples of a lease and members were "
              + mostRows
              + " and "
              + members
              + ", needed 1 or more");
    }
  }

  /**
   * By the configuration.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID}
   */
  public static LeaseSize of(DicmConfiguration conf, int members) {
    return new LeaseSize(conf.integer(DicmKeys.SAMPLES_LEASE_SAMPLES, 1, MOST_ROWS), members);
  }

  /** Most rows of a lease, where there are so many in all; 1 or more. */
  public long rows(long allRows) {
    return Math.max(1, Math.min(mostRows, allRows / ((long) LEASES_A_MEMBER * members)));
  }

  /**
   * Samples that a worker holds for shuffling, where there are so many in all; 1 or more.
   *
   * @param configured the most
   */
  public int buffer(int configured, long allRows) {
    return (int) Math.max(1, Math.min(configured, allRows / ((long) BUFFERS_A_SHARE * members)));
  }
}
