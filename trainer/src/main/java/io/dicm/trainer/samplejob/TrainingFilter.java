package io.dicm.trainer.samplejob;

import io.dicm.trainer.sample.Impression;
import java.util.Optional;

/**
 * Which impressions training does not see although they lie in its time: those of items that are
 * held out, and some of those without a click. Immutable.
 *
 * @param heldOutItems by item_id
 * @param keptNegatives by user, item, moment and impression_id
 */
record TrainingFilter(SeededShare heldOutItems, SeededShare keptNegatives) {
  /** As configured. */
  static TrainingFilter of(SampleSettings settings) {
    return new TrainingFilter(
        new SeededShare(settings.seed(), "held-out items", settings.itemHoldoutFraction()),
        new SeededShare(settings.seed(), "kept negatives", settings.negativeKeepFraction()));
  }

  boolean holdsOutItems() {
    return heldOutItems.fraction() > 0;
  }

  boolean isHeldOut(String itemId) {
    return heldOutItems.contains(itemId);
  }

  /** Why this training impression is left out, if it is. */
  Optional<LeftOut> leftOut(String userId, long timestampSeconds, Impression impression) {
    if (isHeldOut(impression.itemId())) {
      return Optional.of(LeftOut.HELD_OUT_ITEM);
    }
    boolean kept =
        impression.label() == 1
            || keptNegatives.contains(
                userId,
                impression.itemId(),
                Long.toString(timestampSeconds),
                impression.impressionId());
    return kept ? Optional.empty() : Optional.of(LeftOut.DOWN_SAMPLED_NEGATIVE);
  }
}
