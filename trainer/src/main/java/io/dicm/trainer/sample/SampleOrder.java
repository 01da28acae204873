package io.dicm.trainer.sample;

/** What training shuffles: {@code dicm.train.sample-order}. */
public enum SampleOrder {
  /** Single samples: the batches come closest to independent draws. */
  SHUFFLED,
  /**
   * Runs of consecutive samples of one user. A user's samples share most of their behaviours, so a
   * batch has several times fewer different pictures (the common-feature trick over a whole batch).
   */
  GROUPED
}
