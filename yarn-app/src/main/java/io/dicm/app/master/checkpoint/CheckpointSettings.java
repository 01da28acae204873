package io.dicm.app.master.checkpoint;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import java.time.Duration;

/**
 * How often there is a checkpoint and how many stay.
 *
 * @param stepsBetween steps from one to the next; 0: there are none
 * @param kept the newest so many stay, 1 or more
 * @param patience longest wait for the next one when the training is asked to end
 */
public record CheckpointSettings(long stepsBetween, int kept, Duration patience) {
  private static final int MOST_KEPT = 1000;
  private static final int MOST_PATIENCE_SECONDS = 86_400;

  /** As configured. */
  public static CheckpointSettings of(DicmConfiguration conf) {
    return new CheckpointSettings(
        conf.nonNegativeLong(DicmKeys.TRAIN_CHECKPOINT_STEPS),
        conf.integer(DicmKeys.TRAIN_CHECKPOINTS_KEPT, 1, MOST_KEPT),
        Duration.ofSeconds(
            conf.integer(DicmKeys.TRAIN_STOP_PATIENCE_SECONDS, 0, MOST_PATIENCE_SECONDS)));
  }

  /** Whether there are any. */
  public boolean enabled() {
    return stepsBetween > 0;
  }
}
