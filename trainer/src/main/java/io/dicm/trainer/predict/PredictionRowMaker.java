package io.dicm.trainer.predict;

import io.dicm.trainer.evaluate.Prediction;
import io.dicm.trainer.evaluate.SliceKeys;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.ItemStatistics;
import io.dicm.trainer.sample.Sample;
import java.util.function.LongPredicate;

/**
 * Makes rows of the predictions table of scored impressions.
 *
 * @param items of the scored samples
 * @param knownImages tests image keys for being in the feature store, whether the model looks at
 *     pictures or not: slices are the same for all models
 */
public record PredictionRowMaker(ItemStatistics items, LongPredicate knownImages) {

  /**
   * @param probability of a click
   */
  Prediction row(Sample sample, Impression impression, double probability) {
    return new Prediction(
        impression.impressionId(),
        sample.userId(),
        impression.itemId(),
        impression.category(),
        sample.timestampSeconds(),
        impression.label(),
        probability,
        new SliceKeys(
            items.shownExposures(impression.itemId()),
            items.ageDays(impression.itemId(), sample.timestampSeconds()),
            sample.behaviors().imageKeys().length,
            knownImages.test(impression.imageKey())));
  }
}
