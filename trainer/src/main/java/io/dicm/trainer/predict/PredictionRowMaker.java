package io.dicm.trainer.predict;

import io.dicm.trainer.evaluate.Prediction;
import io.dicm.trainer.evaluate.SliceKeys;
import io.dicm.trainer.model.NegativeSampling;
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
 * @param scored which impressions without a click the scored samples have: a row's probability is
 *     one among those, else a training split would look badly calibrated
 */
public record PredictionRowMaker(
    ItemStatistics items, LongPredicate knownImages, NegativeSampling scored) {

  /** For samples that have all impressions, as those for testing do. */
  public PredictionRowMaker(ItemStatistics items, LongPredicate knownImages) {
    this(items, knownImages, new NegativeSampling(1));
  }

  /**
   * @param probability of a click, among all impressions
   */
  Prediction row(Sample sample, Impression impression, double probability) {
    return new Prediction(
        impression.impressionId(),
        sample.userId(),
        impression.itemId(),
        impression.category(),
        sample.timestampSeconds(),
        impression.label(),
        scored.amongKept(probability),
        new SliceKeys(
            items.shownExposures(impression.itemId()),
            items.ageDays(impression.itemId(), sample.timestampSeconds()),
            sample.behaviors().imageKeys().length,
            knownImages.test(impression.imageKey())));
  }
}
