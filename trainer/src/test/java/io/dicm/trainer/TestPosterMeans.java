package io.dicm.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.evaluate.EvaluateJob;
import io.dicm.trainer.evaluate.Metrics;
import io.dicm.trainer.importer.MovieLensFeatures;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.model.NegativeSampling;
import io.dicm.trainer.predict.MeanKind;
import io.dicm.trainer.predict.MeanPredictor;
import io.dicm.trainer.predict.PredictionOptions;
import io.dicm.trainer.predict.PredictionRowMaker;
import io.dicm.trainer.sample.ItemStatistics;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.samplejob.SamplesJob;
import io.dicm.trainer.schema.FeatureSchema;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Means of training on the rated posters, against what an independent implementation measured:
 * {@code -Ddicm.test.posters=DIR}, a minute.
 */
@EnabledIfSystemProperty(
    named = "dicm.test.posters",
    matches = ".+",
    disabledReason = "needs the rated posters, -Ddicm.test.posters=DIR")
class TestPosterMeans {
  @TempDir private java.nio.file.Path directory;

  private Configuration conf;

  @Test
  void areWithinFiveThousandthsOfTheMeasuredOnes() throws Exception {
    DicmConfiguration.registerDefaults();
    conf = new Configuration();
    conf.set("mapreduce.framework.name", "local");
    conf.set("mapreduce.task.io.sort.mb", "64");
    conf.set(DicmKeys.EVALUATE_BOOTSTRAP_REPLICATES, "0");
    PosterInput.importTo(conf, path("input"), MovieLensFeatures.IDS);
    SampleManifest samples =
        new SamplesJob(conf).run(path("input"), path("samples"), ProgressListener.NONE);

    Metrics item = measure(MeanKind.ITEM_MEAN, samples);
    Metrics both = measure(MeanKind.ITEM_USER_MEAN, samples);

    assertThat(item.gauc()).isCloseTo(0.6756, within(0.005));
    assertThat(both.auc()).isCloseTo(0.7608, within(0.005));
    assertThat(measure(MeanKind.USER_MEAN, samples).gauc()).isEqualTo(0.5);
  }

  private Metrics measure(MeanKind kind, SampleManifest samples) throws Exception {
    FeatureSchema schema = FeatureSchema.read(conf, new InputLayout(path("input")).features());
    MeanPredictor.learn(
            kind,
            new PredictionRowMaker(ItemStatistics.load(conf, path("samples")), image -> true),
            samples.train(),
            new NegativeSampling(1),
            SampleFiles.sequential(conf, path("samples/train"), schema, 0, 1))
        .run(
            conf,
            SampleFiles.sequential(conf, path("samples/test"), schema, 0, 1),
            path("predictions"),
            new PredictionOptions(0, 1, 1024, 1, 0),
            ProgressListener.NONE);
    Metrics metrics =
        new EvaluateJob(conf).run(path("predictions"), path("metrics"), ProgressListener.NONE);
    System.out.println(kind.label() + ": " + metrics);
    return metrics;
  }

  private Path path(String name) {
    return new Path(directory.resolve(name).toUri());
  }
}
