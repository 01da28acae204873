package io.dicm.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.key.Fingerprints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.DataOutputBuffer;
import org.apache.hadoop.io.IntWritable;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.serializer.WritableSerialization;
import org.apache.hadoop.mrunit.mapreduce.MapDriver;
import org.apache.hadoop.mrunit.mapreduce.ReduceDriver;
import org.apache.hadoop.mrunit.types.Pair;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TestScoreMapperAndReducer {
  private static final TaskPlan PLAN =
      new TaskPlan(List.of("shoes"), new ScoreRanges(List.of(0.5), List.of(0L, 4L, 9L)));

  @BeforeAll
  static void setUp() {
    DicmConfiguration.registerDefaults();
  }

  @Test
  void mapperPutsEachPredictionIntoTwoGroups() throws Exception {
    Prediction prediction =
        Predictions.of("i", "u", 1, 0.5, "shoes", new SliceKeys(0, 40, 6, false));
    ScoredImpression expected =
        new ScoredImpression(
            Fingerprints.idKey("user_id", "u"),
            true,
            PLAN.parts().of("shoes", prediction.sliceKeys()));
    map(new MapDriver<Object, Prediction, ScoreKey, ScoredImpression>(new ScoreMapper()))
        .withInput(NullWritable.get(), prediction)
        .withOutput(ScoreKey.ofAll(0.5), expected)
        .withOutput(ScoreKey.ofUser("u", 0.5), expected)
        .runTest();
  }

  @Test
  void surveyCountsScoresAndCategories() throws Exception {
    Prediction first = Predictions.of("i", "u", 1, 0.5, "shoes", Predictions.KEYS);
    Prediction second = Predictions.of("j", "u", 0, 0.5, "", Predictions.KEYS);
    long digest = Fingerprints.idKey("1", "i") + Fingerprints.idKey("0", "j");
    map(new MapDriver<Object, Prediction, Text, LongWritable>(new SurveyMapper()))
        .withInput(NullWritable.get(), first)
        .withInput(NullWritable.get(), second)
        .withOutput(SurveyKeys.ofCategory("shoes"), new LongWritable(1))
        .withOutput(SurveyKeys.ofCategory(""), new LongWritable(1))
        .withOutput(SurveyKeys.ofBin(ScoreHistogram.bin(0.5)), new LongWritable(2))
        .withOutput(SurveyKeys.DIGEST, new LongWritable(digest))
        .runTest(false);
  }

  @Test
  void surveyRefusesWhatIsNoProbability() {
    assertThatThrownBy(() -> survey(Predictions.of("i-9", "u", 1, 1.5)))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("impression i-9: probability was 1.5 and label 1");
    assertThatThrownBy(() -> survey(Predictions.of("i-9", "u", 2, 0.5)))
        .hasMessageContaining("label 2");
    assertThatThrownBy(() -> survey(Predictions.of("i-9", "u", 1, Double.NaN)))
        .hasMessageContaining("probability was NaN");
  }

  @Test
  void reducerWritesSumsOfItsPartsAndDeciles() throws IOException {
    ScoredImpression clicked = impression("u", true);
    ScoredImpression unclicked = impression("u", false);

    List<Pair<IntWritable, DoubleRows>> output =
        reducer()
            .withInput(ScoreKey.ofUser("u", 0.5), List.of(clicked, unclicked, unclicked))
            .withInput(ScoreKey.ofUser("v", 0.5), List.of(impression("v", true)))
            .run();

    assertThat(output).hasSize(PLAN.parts().count() + 1);
    Metrics metrics = new PartSums(output.get(0).getSecond()).metrics(0);
    assertThat(metrics.users()).isEqualTo(2);
    assertThat(metrics.usersOneClass()).isEqualTo(1);
    assertThat(metrics.gauc()).isEqualTo(0.5);
    assertThat(output.get(output.size() - 1).getFirst().get()).isEqualTo(MetricReducer.DECILES);
  }

  @Test
  void reducerKeepsScoresOfItsRangeApartFromUsers() throws IOException {
    List<Pair<IntWritable, DoubleRows>> output =
        reducer()
            .withInput(
                ScoreKey.ofAll(0.25),
                List.of(impression("u", true), impression("u", false), impression("v", false)))
            .run();

    Metrics metrics = new PartSums(output.get(0).getSecond()).metrics(0);
    assertThat(metrics.auc()).isEqualTo(0.5);
    assertThat(metrics.impressions()).isEqualTo(3);
    assertThat(metrics.calibration()).isCloseTo(0.75, within(1e-15));
    assertThat(metrics.users()).isZero();
  }

  @Test
  void partitionsAreRangesOfScoresAndSharesOfUsers() {
    ScorePartitioner partitioner = partitioner();

    assertThat(partitioner.getPartition(ScoreKey.ofAll(0.49), null, 2)).isZero();
    assertThat(partitioner.getPartition(ScoreKey.ofAll(0.5), null, 2)).isEqualTo(1);
    assertThat(partitioner.getPartition(ScoreKey.ofUser("u", 0.1), null, 2))
        .isEqualTo(partitioner.getPartition(ScoreKey.ofUser("u", 0.9), null, 2));
  }

  @Test
  void serialisedKeysSortAndGroupAsKeysDo() throws IOException {
    Random random = new Random(9);
    List<ScoreKey> keys = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      double score = random.nextInt(4) / 3.0;
      String user = "user".repeat(random.nextInt(2) * 40) + random.nextInt(3);
      keys.add(random.nextInt(4) == 0 ? ScoreKey.ofAll(score) : ScoreKey.ofUser(user, score));
    }
    ScoreOrder order = new ScoreOrder();
    ScoreGrouping grouping = new ScoreGrouping();
    ScorePartitioner partitioner = partitioner();

    for (ScoreKey first : keys) {
      for (ScoreKey second : keys) {
        byte[] a = bytes(first);
        byte[] b = bytes(second);
        assertThat(Integer.signum(order.compare(a, 0, a.length, b, 0, b.length)))
            .isEqualTo(Integer.signum(first.compareTo(second)));
        if (first.isUser() && grouping.compare(first, second) == 0) {
          assertThat(partitioner.getPartition(first, null, 7))
              .isEqualTo(partitioner.getPartition(second, null, 7));
        }
      }
    }
  }

  private static ScoredImpression impression(String user, boolean clicked) {
    return new ScoredImpression(
        Fingerprints.idKey("user_id", user), clicked, PLAN.parts().of("shoes", Predictions.KEYS));
  }

  private static void survey(Prediction prediction) throws IOException {
    map(new MapDriver<Object, Prediction, Text, LongWritable>(new SurveyMapper()))
        .withInput(NullWritable.get(), prediction)
        .run();
  }

  private static <K, V> MapDriver<Object, Prediction, K, V> map(
      MapDriver<Object, Prediction, K, V> driver) {
    tell(driver.getConfiguration());
    return driver;
  }

  private static ReduceDriver<ScoreKey, ScoredImpression, IntWritable, DoubleRows> reducer() {
    ReduceDriver<ScoreKey, ScoredImpression, IntWritable, DoubleRows> driver =
        ReduceDriver.newReduceDriver(new MetricReducer());
    tell(driver.getConfiguration());
    return driver;
  }

  private static ScorePartitioner partitioner() {
    Configuration conf = new Configuration(false);
    PLAN.tell(conf);
    ScorePartitioner partitioner = new ScorePartitioner();
    partitioner.setConf(conf);
    return partitioner;
  }

  private static void tell(Configuration conf) {
    conf.setStrings(
        "io.serializations",
        WritableSerialization.class.getName(),
        PredictionSerialization.class.getName());
    conf.set(DicmKeys.EVALUATE_BOOTSTRAP_REPLICATES, "3");
    PLAN.tell(conf);
  }

  private static byte[] bytes(ScoreKey key) throws IOException {
    DataOutputBuffer out = new DataOutputBuffer();
    key.write(out);
    return Arrays.copyOf(out.getData(), out.getLength());
  }
}
