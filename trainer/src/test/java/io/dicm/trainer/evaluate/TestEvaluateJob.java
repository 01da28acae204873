package io.dicm.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.parquet.RowFields;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.DirectoryContents;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestEvaluateJob {
  private static final List<String> CATEGORIES = List.of("shoes", "hats", "", "socks", "ties");

  private Configuration conf;

  @TempDir private java.nio.file.Path directory;
  private Path predictions;
  private Path target;

  @BeforeEach
  void setUp() {
    DicmConfiguration.registerDefaults();
    conf = new Configuration();
    conf.set("mapreduce.framework.name", "local");
    conf.set("mapreduce.task.io.sort.mb", "8");
    conf.set(DicmKeys.EVALUATE_CATEGORIES, "2");
    conf.set(DicmKeys.EVALUATE_REDUCERS, "3");
    conf.set(DicmKeys.EVALUATE_BOOTSTRAP_REPLICATES, "100");
    predictions = path("predictions");
    target = path("metrics/dt=2024-01-01/run=r");
  }

  @Test
  void everyPartEqualsTheMetricsByDefinition() throws Exception {
    List<Prediction> all = random(1500, 0, 200);
    write("part-0.parquet", all.subList(0, 700));
    write("part-1.parquet", all.subList(700, all.size()));

    Metrics metrics = run();

    Evaluation evaluation = Evaluation.read(conf, target);
    assertThat(evaluation.metrics()).isEqualTo(metrics.values());
    SliceParts parts = new SliceParts(largestCategories(all));
    assertThat(evaluation.slices()).hasSize(parts.count());
    for (int part = 0; part < parts.count(); part++) {
      int current = part;
      SliceParts.Part name = parts.part(part);
      List<Prediction> own =
          all.stream().filter(one -> belongs(parts, one, current)).collect(Collectors.toList());
      SliceMetrics found = evaluation.slice(name.slice().label(), name.value()).orElseThrow();
      Map<String, Double> naive = NaiveMetrics.of(own).values();
      assertThat(found.metrics()).as("%s", name).containsOnlyKeys(naive.keySet());
      naive.forEach(
          (metric, value) ->
              assertThat(found.metric(metric))
                  .as("%s of %s", metric, name)
                  .isCloseTo(value, within(1e-12)));
      found
          .intervals()
          .forEach(
              (metric, interval) ->
                  assertThat(interval.contains(found.metric(metric)))
                      .as("%s of %s", metric, name)
                      .isTrue());
      assertDeciles(found.deciles(), NaiveMetrics.deciles(own));
    }
    assertThat(evaluation.deciles()).isEqualTo(evaluation.slices().get(0).deciles());
    assertThat(evaluation.intervals()).containsOnlyKeys(Metrics.QUALITY);
    assertThat(metrics.usersOneClass()).isPositive();
    assertThat(evaluation.bootstrapReplicates()).isEqualTo(100);
    assertThat(DirectoryPublisher.isComplete(conf, target)).isTrue();
    assertThat(table()).isEqualTo(metrics.values());
  }

  @Test
  void decilesAreOfEqualSizeAndCoverAll() throws Exception {
    List<Prediction> all = random(1000, 0, Integer.MAX_VALUE);
    write("part-0.parquet", all);

    run();

    List<Decile> deciles = Evaluation.read(conf, target).deciles();
    assertThat(deciles).hasSize(10);
    List<Prediction> sorted = new ArrayList<>(all);
    sorted.sort(java.util.Comparator.comparingDouble(Prediction::probability));
    for (int i = 0; i < 10; i++) {
      List<Prediction> own = sorted.subList(100 * i, 100 * (i + 1));
      assertThat(deciles.get(i).decile()).isEqualTo(i + 1);
      assertThat(deciles.get(i).impressions()).isEqualTo(100);
      assertThat(deciles.get(i).meanProbability())
          .isCloseTo(
              own.stream().mapToDouble(Prediction::probability).average().orElseThrow(),
              within(1e-12));
      assertThat(deciles.get(i).clickRate())
          .isCloseTo(
              own.stream().mapToDouble(Prediction::label).average().orElseThrow(), within(1e-12));
    }
  }

  /** Few different scores, so that runs of equal ones lie across the tenths of every part. */
  @Test
  void decilesOfEveryPartAreThoseByDefinitionHoweverManyReducersThereAre() throws Exception {
    List<Prediction> all = random(1200, 0.05, 25);
    write("part-0.parquet", all.subList(0, 500));
    write("part-1.parquet", all.subList(500, all.size()));
    SliceParts parts = new SliceParts(largestCategories(all));

    for (int reducers : new int[] {1, 2, 7}) {
      conf.setInt(DicmKeys.EVALUATE_REDUCERS, reducers);
      run();

      Evaluation evaluation = Evaluation.read(conf, target);
      for (int part = 0; part < parts.count(); part++) {
        int current = part;
        List<Prediction> own = all.stream().filter(one -> belongs(parts, one, current)).toList();
        SliceParts.Part name = parts.part(part);
        assertDeciles(
            evaluation.slice(name.slice().label(), name.value()).orElseThrow().deciles(),
            NaiveMetrics.deciles(own));
      }
    }
  }

  @Test
  void smallJobsInTheStagesOwnProcessMakeTheSameFiles() throws Exception {
    write("part-0.parquet", random(600, 0.05, 25));
    write("part-1.parquet", random(300, 0, 10));
    conf.set(DicmKeys.MAPREDUCE_LOCAL_INPUT_MB, "0");
    Metrics expected = run();
    conf.set(DicmKeys.MAPREDUCE_LOCAL_INPUT_MB, "16");
    conf.set("mapreduce.framework.name", "no-cluster-is-here");
    target = path("metrics/dt=2024-01-01/run=small");

    assertThat(run()).isEqualTo(expected);

    assertThat(DirectoryContents.read(directory.resolve("metrics/dt=2024-01-01/run=small")))
        .isEqualTo(DirectoryContents.read(directory.resolve("metrics/dt=2024-01-01/run=r")))
        .containsKeys("part-0.parquet", "_SUCCESS");
  }

  private static void assertDeciles(List<Decile> found, List<Decile> expected) {
    assertThat(found)
        .usingRecursiveComparison()
        .withComparatorForType(
            (a, b) -> Math.abs(a - b) < 1e-12 ? 0 : Double.compare(a, b), Double.class)
        .isEqualTo(expected);
  }

  @Test
  void randomScoresAreHalfRightWithinTheInterval() throws Exception {
    write("part-0.parquet", random(3000, 0, 1000));

    run();

    Evaluation evaluation = Evaluation.read(conf, target);
    for (String metric : List.of("auc", "gauc")) {
      Interval interval = evaluation.intervals().get(metric);
      assertThat(interval.contains(0.5)).as("%s %s", metric, interval).isTrue();
      assertThat(interval.high() - interval.low()).isBetween(0.01, 0.1);
    }
  }

  @Test
  void theOrderOfImpressionsDoesNotMatter() throws Exception {
    List<Prediction> all = random(500, 0.1, 50);
    write("part-0.parquet", all);
    run();
    Evaluation first = Evaluation.read(conf, target);
    Collections.shuffle(all, new Random(1));
    write("part-0.parquet", all.subList(0, 100));
    write("part-1.parquet", all.subList(100, 500));
    run();

    assertThat(Evaluation.read(conf, target).impressionsDigest())
        .isEqualTo(first.impressionsDigest());
    assertThat(Evaluation.read(conf, target).metric("auc")).isEqualTo(first.metric("auc"));
  }

  @Test
  void aRunDoesNotDifferFromItselfAndABetterModelIsFoundBetter() throws Exception {
    write("part-0.parquet", random(3000, 0.05, 1000));
    run();
    Path better = target;
    target = path("metrics/dt=2024-01-01/run=worse");
    write("part-0.parquet", random(3000, 0, 1000));
    run();

    assertThat(EvaluationComparison.read(conf, better, better).differences())
        .isNotEmpty()
        .allSatisfy(
            one -> {
              assertThat(one.difference()).isZero();
              assertThat(one.interval()).isEqualTo(new Interval(0, 0));
            });
    List<MetricDifference> all = EvaluationComparison.read(conf, better, target).of("all", "all");
    assertThat(all).extracting(MetricDifference::metric).isEqualTo(Metrics.QUALITY);
    assertThat(all.get(0).difference()).isPositive();
    assertThat(all.get(0).interval().low()).isPositive();
    assertThat(all.get(1).interval().low()).isPositive();
    assertThat(all.get(2).interval().high()).as("log loss").isNegative();
  }

  @Test
  void withoutReplicatesThereAreNoIntervals() throws Exception {
    conf.set(DicmKeys.EVALUATE_BOOTSTRAP_REPLICATES, "0");
    write("part-0.parquet", random(100, 0, 10));

    run();

    assertThat(Evaluation.read(conf, target).intervals()).isEmpty();
    assertThat(EvaluationComparison.read(conf, target, target).differences())
        .isNotEmpty()
        .allSatisfy(one -> assertThat(one.interval()).isNull());
  }

  @Test
  void leavesOutWhatOneClassDoesNotDefine() throws Exception {
    write(
        "part-0.parquet",
        List.of(Predictions.of("i", "u", 1, 0.25), Predictions.of("j", "u", 1, 0.5)));

    Metrics metrics = run();

    assertThat(metrics.auc()).isNaN();
    assertThat(metrics.gauc()).isNaN();
    assertThat(table())
        .doesNotContainKeys("auc", "gauc", "normalized_entropy")
        .containsEntry("calibration", 0.375);
    assertThat(Evaluation.read(conf, target).intervals()).doesNotContainKeys("auc", "gauc");
  }

  @Test
  void thereAreNoMetricsWithoutTheirSlices() throws Exception {
    write("part-0.parquet", random(100, 0, 10));
    Path slices = path("metric_slices/dt=2024-01-01/run=r");
    java.nio.file.Files.writeString(directory.resolve("metric_slices"), "no directory");

    assertThatThrownBy(() -> run(slices)).isInstanceOf(IOException.class);
    assertThat(directory.resolve("metrics/dt=2024-01-01/run=r")).doesNotExist();

    java.nio.file.Files.delete(directory.resolve("metric_slices"));
    run(slices);
    assertThat(DirectoryPublisher.isComplete(conf, slices)).isTrue();
    assertThat(DirectoryPublisher.isComplete(conf, target)).isTrue();
  }

  private void run(Path slices) throws IOException, InterruptedException {
    new EvaluateJob(conf).run(predictions, target, slices, ProgressListener.NONE);
  }

  @Test
  void moreReplicatesOfCategoriesThanFitInMemoryAreRefused() {
    conf.set(DicmKeys.EVALUATE_BOOTSTRAP_REPLICATES, "10000");
    conf.set(DicmKeys.EVALUATE_CATEGORIES, "100");
    EvaluateJob.checkSettings(conf);
    conf.set(DicmKeys.EVALUATE_CATEGORIES, "101");

    assertThatThrownBy(() -> EvaluateJob.checkSettings(conf))
        .hasMessage(
            "Cannot evaluate with dicm.evaluate.bootstrap-replicates=10000 and"
                + " dicm.evaluate.categories=101: their product was 1010000, allowed is 1000000,"
                + " since each replicate of each category is in memory. Lower one of them.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
  }

  @Test
  void failsOnWhatIsNoProbability() throws Exception {
    write("part-0.parquet", List.of(Predictions.of("i-7", "u", 1, Double.NaN)));

    assertThatThrownBy(this::run)
        .isInstanceOf(DicmException.class)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.STAGE_FAILED);
    assertThat(DirectoryPublisher.isComplete(conf, target)).isFalse();
  }

  @Test
  void saysWhereThereAreNoPredictions() {
    assertThatThrownBy(this::run)
        .hasMessageContaining("there are no predictions in " + predictions)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
  }

  @Test
  void refusesPredictionsOfAnEarlierVersion() throws Exception {
    MessageType earlier =
        MessageTypeParser.parseMessageType(
            "message prediction { required binary impression_id (STRING); }");
    try (ParquetTableWriter<String> file =
        new ParquetTableWriter<>(
            conf,
            new Path(predictions, "part-0.parquet"),
            earlier,
            (out, id) -> RowFields.string(out, "impression_id", 0, id))) {
      file.write("i");
    }

    assertThatThrownBy(this::run)
        .hasMessageContaining("part-0.parquet: it has no column user_id")
        .hasMessageEndingWith("predict again.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.SCHEMA_MISMATCH);
  }

  private Metrics run() throws IOException, InterruptedException {
    return new EvaluateJob(conf).run(predictions, target, ProgressListener.NONE);
  }

  /**
   * Labels and slices depend on the number alone.
   *
   * @param skill how much higher clicked impressions score
   * @param scores different scores
   */
  private static List<Prediction> random(int count, double skill, int scores) {
    Random random = new Random(3);
    Random scoring = new Random(4);
    List<Prediction> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String user = "u" + random.nextInt(count / 5);
      int label = random.nextInt(2);
      double score = (1.0 + scoring.nextInt(scores)) / (scores + 1.0);
      all.add(
          Predictions.of(
              "i" + i,
              user,
              label,
              0.8 * score + (label == 1 ? skill : 0),
              CATEGORIES.get(Math.min(random.nextInt(9), CATEGORIES.size() - 1)),
              new SliceKeys(
                  random.nextInt(30),
                  random.nextInt(50),
                  random.nextInt(30),
                  random.nextInt(3) > 0)));
    }
    return all;
  }

  private static List<String> largestCategories(List<Prediction> all) {
    return all.stream()
        .collect(Collectors.groupingBy(Prediction::category, Collectors.counting()))
        .entrySet()
        .stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .limit(2)
        .toList();
  }

  private static boolean belongs(SliceParts parts, Prediction prediction, int part) {
    for (int own : parts.of(prediction.category(), prediction.sliceKeys())) {
      if (own == part) {
        return true;
      }
    }
    return false;
  }

  private Map<String, Double> table() throws IOException {
    Map<String, Double> metrics = new LinkedHashMap<>();
    ParquetTables.read(
        conf,
        new Path(target, "part-0.parquet"),
        row -> metrics.put(row.getString("metric", 0), row.getDouble("value", 0)));
    return metrics;
  }

  private void write(String name, List<Prediction> rows) throws IOException {
    Predictions.write(conf, new Path(predictions, name), rows);
  }

  private Path path(String name) {
    return new Path(new Path(directory.toUri()), name);
  }
}
