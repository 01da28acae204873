package io.dicm.trainer.samplejob;

import io.dicm.trainer.samplejob.UserEvent.Clicked;

/**
 * What the join takes from one row of items.csv.
 *
 * @param category the first category, or the empty string
 * @param imageKey the picture, or {@code Fingerprints.NONE}
 * @param itemKeys [item field][values]
 * @param behaviorKeys [behaviour field]; {@code Fingerprints.NONE} where empty
 * @param heldOut whether training must not know it
 */
record Item(
    String category, long imageKey, long[][] itemKeys, long[] behaviorKeys, boolean heldOut) {
  /** A click on it, as a behaviour. */
  Clicked click() {
    return new Clicked(imageKey, behaviorKeys, heldOut);
  }
}
