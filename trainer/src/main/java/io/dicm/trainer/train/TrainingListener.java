package io.dicm.trainer.train;

import java.util.Optional;

/**
 * Told what a worker measures while it trains. Called from the training thread; must return
 * quickly.
 */
@FunctionalInterface
public interface TrainingListener {
  /** Tells nobody. */
  TrainingListener NONE = (steps, runningLoss, ranking) -> {};

  /**
   * A step is made.
   *
   * @param steps made so far, those before a checkpoint included
   * @param runningLoss mean loss of the latest hundred steps or so, nats
   * @param ranking the latest AUC and GAUC; nothing before the first window of impressions is full
   */
  void measured(long steps, double runningLoss, Optional<TrainingCurve.Progressive> ranking);
}
