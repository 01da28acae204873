package io.dicm.app.pipeline;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.trainer.model.NegativeSampling;
import io.dicm.trainer.predict.MeanKind;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.sample.SplitTotals;
import io.dicm.trainer.samplejob.SampleSplit;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * What predicts which impressions.
 *
 * @param baseline what predicts instead of a model, if anything
 * @param model directory of a model or checkpoint
 * @param samples directory of samples, above the splits
 * @param split the one to predict
 */
public record PredictionPlan(
    Optional<MeanKind> baseline, Path model, Path samples, SampleSplit split) {

  /**
   * As configured; by default the run's own model and the test samples of {@link RunSamples}.
   *
   * @throws io.dicm.common.error.DicmException {@code CONFIGURATION_INVALID}
   */
  public static PredictionPlan of(DicmConfiguration conf, PipelineSettings settings) {
    return new PredictionPlan(
        MeanKind.of(conf.text(DicmKeys.PREDICT_BASELINE)),
        path(conf, DicmKeys.PREDICT_MODEL, settings.workspace().model(settings.run())),
        path(conf, DicmKeys.PREDICT_SAMPLES, RunSamples.directory(conf, settings)),
        conf.choice(DicmKeys.PREDICT_SPLIT, SampleSplit.class));
  }

  /** Totals of the samples to predict. */
  public SplitTotals totals(SampleManifest manifest) {
    return split == SampleSplit.TRAIN ? manifest.train() : manifest.test();
  }

  /** Which impressions without a click the samples to predict have: those for testing have all. */
  public NegativeSampling scoredNegatives(SampleManifest manifest) {
    return new NegativeSampling(split == SampleSplit.TRAIN ? manifest.negativeKeepFraction() : 1);
  }

  private static Path path(DicmConfiguration conf, String key, Path otherwise) {
    String text = conf.text(key);
    return text.isEmpty() ? otherwise : PathText.parse(text);
  }
}
