package io.dicm.trainer.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.evaluate.Prediction;
import io.dicm.trainer.evaluate.PredictionRows;
import io.dicm.trainer.model.NegativeSampling;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.ItemCounts;
import io.dicm.trainer.sample.ItemStatistics;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SplitTotals;
import io.dicm.trainer.train.ListSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestMeanPredictor {
  private static final SplitTotals TRAINING = new SplitTotals(4, 100, 25, 0);

  @TempDir private java.nio.file.Path directory;

  private final Configuration conf = new Configuration(false);

  @Test
  void itemsAreSmoothedTowardsTheMean() throws IOException {
    assertThat(probability(MeanKind.ITEM_MEAN, "u", "popular"))
        .isCloseTo((30 + 10 * 0.25) / (40 + 10), within(1e-12));
    assertThat(probability(MeanKind.ITEM_MEAN, "v", "popular"))
        .isEqualTo(probability(MeanKind.ITEM_MEAN, "u", "popular"));
    assertThat(probability(MeanKind.ITEM_MEAN, "u", "unknown")).isCloseTo(0.25, within(1e-12));
  }

  @Test
  void usersAreTheirOwnTrainingClicks() throws IOException {
    assertThat(probability(MeanKind.USER_MEAN, "u", "popular"))
        .isCloseTo((2 + 10 * 0.25) / (3 + 10), within(1e-12));
    assertThat(probability(MeanKind.USER_MEAN, "unknown", "popular"))
        .isCloseTo(0.25, within(1e-12));
  }

  @Test
  void bothAddTheirLogOdds() throws IOException {
    double item = probability(MeanKind.ITEM_MEAN, "u", "popular");
    double user = probability(MeanKind.USER_MEAN, "u", "popular");
    double odds = item / (1 - item) * user / (1 - user) * 3;

    assertThat(probability(MeanKind.ITEM_USER_MEAN, "u", "popular"))
        .isCloseTo(odds / (1 + odds), within(1e-12));
  }

  @Test
  void writesThePredictionsTable() throws IOException {
    Sample sample = sample("u", 1, "popular", "unknown");
    long rows =
        predictor(MeanKind.ITEM_MEAN)
            .run(
                conf,
                new ListSource(List.of(sample)),
                new Path(directory.toUri()),
                new PredictionOptions(1, 2, 8, 1, 0),
                ProgressListener.NONE);

    List<Prediction> found =
        PredictionRows.read(conf, new Path(directory.resolve("part-00001.parquet").toUri()));
    assertThat(rows).isEqualTo(2);
    assertThat(found).extracting(Prediction::itemId).containsExactly("popular", "unknown");
    assertThat(found.get(0).sliceKeys().itemTrainExposures()).isEqualTo(40);
    assertThat(found.get(0).sliceKeys().imagePresent()).isTrue();
  }

  /** Else the mean of training would not be what is predicted of training. */
  @Test
  void probabilitiesAreAmongTheImpressionsThatAreScored() throws IOException {
    NegativeSampling sampling = new NegativeSampling(0.25);
    double mean = TRAINING.clicks() / (double) TRAINING.impressions();

    assertThat(written(sampling, sampling)).as("training").isCloseTo(mean, within(1e-12));
    assertThat(written(sampling, new NegativeSampling(1)))
        .as("all")
        .isCloseTo(sampling.correct(mean), within(1e-12))
        .isLessThan(mean);
  }

  private double written(NegativeSampling trained, NegativeSampling scored) throws IOException {
    MeanPredictor predictor =
        MeanPredictor.learn(
            MeanKind.ITEM_MEAN,
            new PredictionRowMaker(ItemStatistics.of(Map.of()), image -> true, scored),
            TRAINING,
            trained,
            new ListSource(List.of()));
    predictor.run(
        conf,
        new ListSource(List.of(sample("u", 1, "unknown"))),
        new Path(directory.toUri()),
        new PredictionOptions(0, 1, 8, 1, 0),
        ProgressListener.NONE);
    Path file = new Path(directory.resolve("part-00000.parquet").toUri());
    return PredictionRows.read(conf, file).get(0).probability();
  }

  @Test
  void kindsAreNamed() {
    assertThat(MeanKind.of("")).isEmpty();
    assertThat(MeanKind.of("item-user-mean")).contains(MeanKind.ITEM_USER_MEAN);
    assertThatThrownBy(() -> MeanKind.of("mean"))
        .hasMessage(
            "Cannot use "
                + DicmKeys.PREDICT_BASELINE
                + ": was 'mean', allowed is one of item-mean, user-mean, item-user-mean, or nothing"
                + " for a model.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
  }

  private static double probability(MeanKind kind, String user, String item) throws IOException {
    Sample sample = sample(user, 0, item);
    return predictor(kind).probability(sample, sample.impressions().get(0));
  }

  private static MeanPredictor predictor(MeanKind kind) throws IOException {
    ItemStatistics items = ItemStatistics.of(Map.of("popular", new ItemCounts(40, 30, 40, 0)));
    ListSource training =
        new ListSource(List.of(sample("u", 1, "popular", "other"), sample("u", 0, "popular")));
    return MeanPredictor.learn(
        kind,
        new PredictionRowMaker(items, image -> true),
        TRAINING,
        new NegativeSampling(1),
        training);
  }

  private static Sample sample(String user, int label, String... items) {
    List<Impression> impressions =
        java.util.Arrays.stream(items)
            .map(
                item ->
                    new Impression(user + item, item, "", label, 7, new long[0][], new long[0][]))
            .toList();
    return new Sample(
        user, 0, new long[0][], new Behaviors(new long[0], new long[0][]), impressions);
  }
}
