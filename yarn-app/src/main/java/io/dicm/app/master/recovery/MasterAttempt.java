package io.dicm.app.master.recovery;

import org.apache.hadoop.yarn.api.records.ContainerId;

/**
 * Which start of the application master this process is.
 *
 * @param number from 1
 */
public record MasterAttempt(int number) {
  private static final long EPOCHS_OF_AN_ATTEMPT = 1_000_000;

  public MasterAttempt {
    if (number < 1) {
      throw new IllegalArgumentException("Attempt was " + number + ", allowed from 1");
    }
  }

  /** The one in a container. */
  public static MasterAttempt of(ContainerId container) {
    return new MasterAttempt(container.getApplicationAttemptId().getAttemptId());
  }

  /** Whether there was none before. */
  public boolean isFirst() {
    return number == 1;
  }

  /**
   * The number of the first incarnation of a gang of this attempt: larger than any of an earlier
   * one's, whatever is known of those.
   */
  public long firstEpoch() {
    return 1 + (number - 1) * EPOCHS_OF_AN_ATTEMPT;
  }
}
