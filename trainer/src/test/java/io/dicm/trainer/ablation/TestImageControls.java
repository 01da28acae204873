package io.dicm.trainer.ablation;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.ams.shard.ImageSignals;
import io.dicm.ams.shard.VectorControl;
import io.dicm.trainer.TrainingGang;
import io.dicm.trainer.TrainingVariant;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.predict.Model;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleWriter;
import io.dicm.trainer.train.Batch;
import io.dicm.trainer.train.ListSource;
import io.dicm.trainer.train.TrainingResult;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Controls do what they are for: on items that training never shows, real pictures help, shuffled
 * ones do not, and planted ones do although the real ones are gone.
 */
class TestImageControls {
  private static final long SEED = 5;
  private static final double MUCH = 0.06;
  private static final double NOISE = 0.01;

  private final Configuration conf = new Configuration(false);
  private final TastefulClicks clicks = new TastefulClicks(SEED);

  @TempDir private java.nio.file.Path directory;

  @BeforeEach
  void writeSamples() throws IOException {
    try (SampleWriter train = writer("train");
        SampleWriter test = writer("test")) {
      for (Sample sample : clicks.train()) {
        train.write(sample);
      }
      for (Sample sample : clicks.test()) {
        test.write(sample);
      }
    }
  }

  @Test
  void shuffledPicturesDoNotHelpAndPlantedOnesDo() throws Exception {
    PlantedSignal.Summary summary =
        new PlantedSignal(conf, TastefulClicks.SCHEMA).write(path("samples"), path("signal"));
    assertThat(summary.images()).isEqualTo(2L * TastefulClicks.ITEMS);
    assertThat(summary.impressions())
        .isEqualTo(clicks.train().size() + (long) clicks.test().size());
    ImageSignals signals = ImageSignals.read(conf, path("signal"), bucket -> true, 1 << 20);
    assertThat(signals.size()).isEqualTo(2 * TastefulClicks.ITEMS);

    double baseline = auc(ImageMode.NONE, new VectorControl.None());
    double real = auc(ImageMode.JOINT, new VectorControl.None());
    double shuffled = auc(ImageMode.JOINT, new VectorControl.Shuffled(SEED));
    double planted = auc(ImageMode.JOINT, new VectorControl.Planted(SEED, signals));

    assertThat(baseline).isGreaterThan(0.55);
    assertThat(real).isGreaterThan(baseline + MUCH);
    // What is learned by heart of shuffled ones in training is of no use, and harms a little.
    assertThat(shuffled).isBetween(baseline - MUCH, baseline + NOISE);
    assertThat(planted).isGreaterThan(baseline + MUCH);
  }

  private double auc(ImageMode images, VectorControl control) throws Exception {
    Path model = path("model-" + images + "-" + control.kind());
    TrainingGang.Plan plan =
        new TrainingGang.Plan(TastefulClicks.SCHEMA, images, 4, 2, 1, 64, 3, 0.003, SEED)
            .with(TrainingVariant.USUAL.with(control));
    try (TrainingGang gang = new TrainingGang(plan, clicks.pictures())) {
      TrainingResult result =
          gang.train((worker, workers) -> epoch -> new ListSource(clicks.train())).get(0);
      gang.publish(conf, model, result);
    }
    Model trained = Model.load(conf, model, TastefulClicks.SCHEMA);
    Batch batch = trained.assembler().assemble(clicks.test());
    return pairwise(trained.predict(batch), batch.labels());
  }

  /** The share of pairs of a click and none in which the click has the higher score. */
  private static double pairwise(float[] scores, long[] labels) {
    double right = 0;
    long pairs = 0;
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < scores.length; j++) {
        if (labels[i] == 1 && labels[j] == 0) {
          right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
          pairs++;
        }
      }
    }
    return right / pairs;
  }

  private SampleWriter writer(String split) throws IOException {
    return new SampleWriter(
        conf, path("samples/" + split + "/part-00000.parquet"), TastefulClicks.SCHEMA);
  }

  private Path path(String name) {
    return new Path(directory.resolve(name).toUri());
  }
}
