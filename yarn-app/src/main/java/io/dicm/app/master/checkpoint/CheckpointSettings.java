package io.dicm.app.master.checkpoint;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;

/**
 * How often there is a checkpoint and how many stay.
 *
 * @param stepsBetween steps from one to the next; 0: there are none
 * @param kept the newest so many stay, 1 or more
 */
public record CheckpointSettings(long stepsBetween, int kept) {
  private static final int MOST_KEPT = 1000;

  /** As configured. */
  public static CheckpointSettings of(DicmConfiguration conf) {
    return new CheckpointSettings(
        conf.nonNegativeLong(DicmKeys.TRAIN_CHECKPOINT_STEPS),
        conf.integer(DicmKeys.TRAIN_CHECKPOINTS_KEPT, 1, MOST_KEPT));
  }

  /** Whether there are any. */
  public boolean enabled() {
    return stepsBetween > 0;
  }
}
