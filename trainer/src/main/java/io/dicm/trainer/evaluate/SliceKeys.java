package io.dicm.trainer.evaluate;

/**
 * What an impression's slices follow from, beside its category.
 *
 * @param itemTrainExposures impressions of the item that training was shown, before samples left
 *     any of them out; 0 for an item that was held out
 * @param itemAgeDays whole days (86,400 s) from the item's first impression in the log, whether a
 *     sample has it or not, to this one
 * @param behaviorCount behaviours of the user in the sample, at most {@code
 *     dicm.samples.max-behaviors}
 * @param imagePresent whether the feature store has the item's picture
 */
public record SliceKeys(
    long itemTrainExposures, int itemAgeDays, int behaviorCount, boolean imagePresent) {
  public SliceKeys {
    if (itemTrainExposures < 0 || itemAgeDays < 0 || behaviorCount < 0) {
      throw new IllegalArgumentException(
          "Exposures, age and behaviours were "
              + itemTrainExposures
              + ", "
              + itemAgeDays
              + " and "
              + behaviorCount
              + ", needed 0 or more");
    }
  }
}
