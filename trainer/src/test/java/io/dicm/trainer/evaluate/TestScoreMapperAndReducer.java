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
import org.apache.hadoop.io.DataInputBuffer;
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
      new TaskPlan(List.of("shoes"), new ScoreRanges(List.of(0.5)));

  @BeforeAll
  static void setUp() {
    DicmConfiguration.registerDefaults();
  }

  @Test
  void mapperPutsEachPredictionIntoTwoGroupsAndCountsTheRanges() throws Exception {
    SliceKeys keys = new SliceKeys(0, 40, 6, false);
    ScoreValue clicked = value("u", true, "shoes", keys);
    ScoreValue unclicked = value("v", false, "hats", Predictions.KEYS);
    RangeCounts counts = new RangeCounts(2, PLAN.parts().count());
    counts.add(1, PLAN.parts().of("shoes", keys));
    counts.add(0, PLAN.parts().of("hats", Predictions.KEYS));
    map(new MapDriver<Object, Prediction, ScoreKey, ScoreValue>(new ScoreMapper()))
        .withInput(NullWritable.get(), Predictions.of("i", "u", 1, 0.5, "shoes", keys))
        .withInput(NullWritable.get(), Predictions.of("j", "v", 0, 0.25, "hats", Predictions.KEYS))
        .withOutput(ScoreKey.ofAll(0.5), clicked)
        .withOutput(ScoreKey.ofUser("u", 0.5), clicked)
        .withOutput(ScoreKey.ofAll(0.25), unclicked)
        .withOutput(ScoreKey.ofUser("v", 0.25), unclicked)
        .withOutput(ScoreKey.ofRange(0), ScoreValue.of(counts.of(0)))
        .withOutput(ScoreKey.ofRange(0.5), ScoreValue.of(counts.of(1)))
        .runTest();
    assertThat(counts.of(0).total(0)).isEqualTo(2);
    assertThat(counts.of(0).below(0)).isZero();
    assertThat(counts.of(1).below(0)).isOne();
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
    ScoreValue clicked = impression("u", true);
    ScoreValue unclicked = impression("u", false);

    List<Pair<IntWritable, DoubleRows>> output =
        reducer()
            .withInput(ScoreKey.ofUser("u", 0.5), List.of(clicked, unclicked, unclicked))
            .withInput(ScoreKey.ofUser("v", 0.5), List.of(impression("v", true)))
            .run();

    assertThat(output).hasSize(2 * PLAN.parts().count());
    Metrics metrics = new PartSums(output.get(0).getSecond()).metrics(0);
    assertThat(metrics.users()).isEqualTo(2);
    assertThat(metrics.usersOneClass()).isEqualTo(1);
    assertThat(metrics.gauc()).isEqualTo(0.5);
    assertThat(output.get(1).getFirst().get()).isEqualTo(MetricReducer.decilesKey(0));
  }

  /** Of ten impressions two are below the range: four come from one map task, six from another. */
  @Test
  void reducerKnowsTheRanksOfItsRangeInEachPart() throws IOException {
    int parts = PLAN.parts().count();
    int category = List.of(Slice.values()).indexOf(Slice.CATEGORY);
    int shoes = PLAN.parts().of("shoes", Predictions.KEYS)[category];
    PartCounts first = counts(parts, shoes, 4, 1);
    PartCounts second = counts(parts, shoes, 6, 1);

    List<Pair<IntWritable, DoubleRows>> output =
        reducer()
            .withInput(ScoreKey.ofRange(0.5), List.of(ScoreValue.of(first), ScoreValue.of(second)))
            .withInput(ScoreKey.ofAll(0.75), List.of(impression("u", true)))
            .run();

    DecileSums all = new DecileSums(0, 0);
    all.add(output.get(1).getSecond());
    assertThat(all.deciles()).containsExactly(new Decile(3, 1, 0.75, 1));
    DecileSums ofShoes = new DecileSums(0, 0);
    ofShoes.add(output.get(2 * shoes + 1).getSecond());
    assertThat(ofShoes.deciles()).containsExactly(new Decile(2, 1, 0.75, 1));
  }

  /** Of the part of all and of one other, which has half as many, none of them below the range. */
  private static PartCounts counts(int parts, int part, long total, long below) {
    long[] totals = new long[parts];
    long[] belows = new long[parts];
    totals[0] = total;
    belows[0] = below;
    totals[part] = total / 2;
    return new PartCounts(totals, belows);
  }

  @Test
  void valuesAreReadAsTheyWereWritten() throws IOException {
    ScoreValue reused = new ScoreValue();
    for (ScoreValue value :
        List.of(
            impression("u", true),
            ScoreValue.of(counts(3, 2, Long.MAX_VALUE, 1_000_000_007L)),
            impression("v", false))) {
      DataOutputBuffer out = new DataOutputBuffer();
      value.write(out);
      DataInputBuffer in = new DataInputBuffer();
      in.reset(out.getData(), out.getLength());
      reused.readFields(in);
      assertThat(reused).isEqualTo(value).hasSameHashCodeAs(value);
    }
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
    for (int range = 0; range < PLAN.ranges().count(); range++) {
      ScoreKey counts = ScoreKey.ofRange(PLAN.ranges().leastScore(range));
      assertThat(partitioner.getPartition(counts, null, 2)).isEqualTo(range);
      assertThat(counts).isLessThan(ScoreKey.ofAll(0));
    }
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
      keys.add(
          switch (random.nextInt(5)) {
            case 0 -> ScoreKey.ofAll(score);
            case 1 -> ScoreKey.ofRange(score);
            default -> ScoreKey.ofUser(user, score);
          });
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

  private static ScoreValue impression(String user, boolean clicked) {
    return value(user, clicked, "shoes", Predictions.KEYS);
  }

  private static ScoreValue value(String user, boolean clicked, String category, SliceKeys keys) {
    return ScoreValue.of(
        new ScoredImpression(
            Fingerprints.idKey("user_id", user), clicked, PLAN.parts().of(category, keys)));
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

  private static ReduceDriver<ScoreKey, ScoreValue, IntWritable, DoubleRows> reducer() {
    ReduceDriver<ScoreKey, ScoreValue, IntWritable, DoubleRows> driver =
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
