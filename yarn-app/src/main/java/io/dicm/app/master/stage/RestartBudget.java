package io.dicm.app.master.stage;

import io.dicm.app.master.membership.Recovery;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How often gangs may still be started again, in all stages of an application together. Only
 * failures of the last while count where a window is set. What the cluster takes away is given back
 * without a count, but not for ever: without a newer checkpoint in between only {@value
 * #MOST_FREE_IN_A_ROW} times, and a training has an end of checkpoints. For one thread.
 */
public final class RestartBudget {
  static final int MOST_FREE_IN_A_ROW = 10;

  private static final int MOST_RESTARTS = 1000;

  private final int restarts;
  private final Duration window;
  private final LongSupplier nowMs;
  private final List<Long> countedMs;
  private int freeInARow;
  private long stepOfLastFree = Restarts.NO_STEP;

  /**
   * @param restarts that count
   * @param window in which they count; zero: all count
   * @param nowMs milliseconds since 1970 UTC
   * @param countedMs when there were some before, in an earlier attempt of the master
   */
  RestartBudget(int restarts, Duration window, LongSupplier nowMs, List<Long> countedMs) {
    this.restarts = restarts;
    this.window = window;
    this.nowMs = nowMs;
    this.countedMs = new ArrayList<>(countedMs);
  }

  /**
   * As configured.
   *
   * @param countedMs when there were some before, milliseconds since 1970 UTC
   */
  public static RestartBudget of(DicmConfiguration conf, List<Long> countedMs) {
    return new RestartBudget(
        conf.integer(DicmKeys.TRAIN_MAX_RESTARTS, 0, MOST_RESTARTS),
        Duration.ofSeconds(
            conf.integer(DicmKeys.TRAIN_RESTART_WINDOW_SECONDS, 0, Integer.MAX_VALUE)),
        System::currentTimeMillis,
        countedMs);
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
      case RESTART, ELSEWHERE -> takeCounted();
      case FREE_RESTART -> takeFree(step);
    };
  }

  /** When there were restarts that count still, milliseconds since 1970 UTC, ascending. */
  List<Long> countedMs() {
    return List.copyOf(countedMs);
  }

  private boolean takeCounted() {
    long now = nowMs.getAsLong();
    if (!window.isZero()) {
      countedMs.removeIf(counted -> now - counted > window.toMillis());
    }
    if (countedMs.size() >= restarts) {
      return false;
    }
    countedMs.add(now);
    return true;
  }

  private boolean takeFree(long step) {
    boolean otherStage = (step == Restarts.NO_STEP) != (stepOfLastFree == Restarts.NO_STEP);
    if (step > stepOfLastFree || otherStage) {
      freeInARow = 0;
    }
    stepOfLastFree = step;
    return ++freeInARow <= MOST_FREE_IN_A_ROW;
  }
}
