package io.dicm.trainer.samplejob;

import io.dicm.trainer.sample.Impression;

/** What the shuffle carries of one user. */
sealed interface UserEvent {

  /**
   * How many impressions of the user one map task saw; comes before the other events of the user
   * and segment.
   *
   * @param total in all segments of the user
   * @param earlier in those before this segment
   */
  record ImpressionCount(long total, long earlier) implements UserEvent {}

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
