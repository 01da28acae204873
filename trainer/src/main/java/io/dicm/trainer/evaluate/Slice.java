package io.dicm.trainer.evaluate;

import java.util.Locale;

/** What impressions are told apart by, in the order in which evaluations list it. */
public enum Slice {
  /** Every impression. */
  ALL,
  /** Whole days between the item's first appearance in the log and the impression. */
  ITEM_AGE,
  /** Impressions of the item in training. */
  TRAIN_EXPOSURES,
  /** The item's first category; the largest ones, the rest being {@code other}. */
  CATEGORY,
  /** Behaviours of the user that the model saw. */
  USER_ACTIVITY,
  /** Whether the feature store has the shown item's picture. */
  IMAGE;

  /** As in files: lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
