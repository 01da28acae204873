package io.dicm.app.master.stage;

import io.dicm.app.master.membership.Recovery;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;

/**
 * How often a training may still be started again. What the cluster takes away is given back
 * without a count, but not for ever: without a newer checkpoint in between only {@value
 * #MOST_FREE_IN_A_ROW} times, and a training has an end of checkpoints. For one thread.
 */
public final class RestartBudget {
  static final int MOST_FREE_IN_A_ROW = 10;

  private static final int MOST_RESTARTS = 1000;

  private int left;
  private int freeInARow;
  private long stepOfLastFree = -1;

  /**
   * @param restarts that count
   */
  RestartBudget(int restarts) {
    this.left = restarts;
  }

  /** As configured. */
  public static RestartBudget of(DicmConfiguration conf) {
    return new RestartBudget(conf.integer(DicmKeys.TRAIN_MAX_RESTARTS, 0, MOST_RESTARTS));
  }

  /**
   * Takes one restart; false when there is none to be had.
   *
   * @param recovery whether it may help
   * @param step from which it would go on
   */
  boolean take(Recovery recovery, long step) {
    return switch (recovery) {
      case NONE -> false;
      case RESTART -> --left >= 0;
      case FREE_RESTART -> takeFree(step);
    };
  }

  private boolean takeFree(long step) {
    if (step > stepOfLastFree) {
      freeInARow = 0;
    }
    stepOfLastFree = step;
    return ++freeInARow <= MOST_FREE_IN_A_ROW;
  }
}
