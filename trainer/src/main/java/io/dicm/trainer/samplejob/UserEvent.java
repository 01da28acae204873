package io.dicm.trainer.samplejob;

import io.dicm.trainer.sample.Impression;

/** What the shuffle carries of one user. */
sealed interface UserEvent {

  /** How many impressions of the user one map task saw; comes before the user's other events. */
  record ImpressionCount(long impressions) implements UserEvent {}

  /** An item was shown. */
  record Shown(Impression impression) implements UserEvent {}

  /**
   * An item was clicked.
   *
   * @param imageKey its picture, or {@code Fingerprints.NONE}
   * @param idKeys [behaviour field]
   * @param heldOut whether training must not know the item
   */
  record Clicked(long imageKey, long[] idKeys, boolean heldOut) implements UserEvent {}
}
