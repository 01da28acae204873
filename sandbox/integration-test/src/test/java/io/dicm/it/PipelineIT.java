package io.dicm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.dicm.app.pipeline.StageName;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.error.ExitCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.layout.Workspace;
import io.dicm.hive.HiveTable;
import io.dicm.hive.NamedQuery;
import io.dicm.hive.QueryResult;
import io.dicm.hive.Registration;
import io.dicm.hive.TablePartition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The whole pipeline on real HDFS, YARN and Hive, started by Hadoop's own launcher, and what users
 * meet when something is wrong. One sandbox serves all tests; the first one fills it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PipelineIT {
  private static final Duration COMMAND_LIMIT = Duration.ofMinutes(2);
  private static final Duration PIPELINE_LIMIT = Duration.ofMinutes(6);
  private static final int ITEMS = 24;

  /** Those of docs/examples/shop.json. */
  private static final String DATE = "2026-01-31";

  private static final String INPUT = "/shop/input";
  private static final String WORKSPACE = "/shop/workspace";
  private static final String DAILY_WORKSPACE = "/shop/daily";

  private final Path home = Path.of(System.getProperty("dicm.home"));
  private final SandboxUnderTest sandbox =
      new SandboxUnderTest(home, Path.of("target", "sandbox-pipeline").toAbsolutePath());

  /** The same sandbox, for runs in which how MapReduce goes about it does not matter. */
  private final SandboxUnderTest smallJobs = SandboxUnderTest.withSmallJobs(home, sandbox.root());

  private Configuration conf;
  private FileSystem fs;

  @BeforeAll
  void startSandbox() throws Exception {
    sandbox.start();
    conf = sandbox.configuration();
    fs = FileSystem.get(conf);
    CommandResult imported =
        sandbox.dicm(
            COMMAND_LIMIT,
            "import",
            "generated",
            "--to",
            INPUT,
            "--items",
            "" + ITEMS,
            "--users",
            "80",
            "--impressions",
            "3000",
            "--seed",
            "5");
    assertThat(imported.exitStatus()).as(imported.errors()).isZero();
  }

  @AfterAll
  void stopSandbox() throws Exception {
    fs.close();
    sandbox.close();
    assertThat(sandbox.processes()).as("processes left after the sandbox was stopped").isEmpty();
  }

  @Test
  @Order(1)
  void pipelineEndsWithTablesThatHiveReads() throws Exception {
    CommandResult result =
        sandbox
            .startYarnJar(
                List.of(
                    "pipeline",
                    home.resolve("docs/examples/shop.json").toString(),
                    "-D",
                    "dicm.train.epochs=1",
                    "-D",
                    "dicm.mapreduce.local-input-mb=0",
                    "--output",
                    "properties"))
            .await(PIPELINE_LIMIT);

    assertThat(result.exitStatus()).as(result.errors()).isZero();
    assertThat(count("dicm.features WHERE dt = '" + DATE + "'")).isEqualTo(ITEMS);
    assertThat(column("SELECT DISTINCT size(feature) FROM dicm.features")).containsExactly("4096");
    assertThat(count("dicm.image_codes WHERE run = 'first'")).isEqualTo(ITEMS);
    assertThat(column("SELECT DISTINCT size(ad_code) FROM dicm.image_codes")).containsExactly("12");
    assertThat(column("SELECT DISTINCT state FROM dicm.runs WHERE run = 'first'"))
        .containsExactly("SUCCEEDED");
    assertThat(result.properties()).containsKeys("auc", "gauc", "log_loss");
  }

  @Test
  @Order(2)
  void everyTableIsWhatTheFilesOfTheRunHave() throws Exception {
    Workspace workspace = new Workspace(fs.makeQualified(new org.apache.hadoop.fs.Path(WORKSPACE)));
    List<String> property =
        hive("SHOW TBLPROPERTIES dicm.features('dicm.extractor')").rows().get(0);
    String extractor = property.get(property.size() - 1);
    TableComparison comparison = new TableComparison(conf, sandbox.hive("dicm"), "dicm");
    Set<HiveTable> withRows = EnumSet.noneOf(HiveTable.class);
    Registration registration =
        Registration.ofRun(workspace, extractor, DATE, "first")
            .with(
                Registration.besides(workspace, extractor, DATE, "first").stream()
                    .filter(
                        partition ->
                            !EnumSet.of(
                                    HiveTable.NEAR_DUPLICATES,
                                    HiveTable.USER_VECTORS,
                                    HiveTable.ITEM_VECTORS)
                                .contains(partition.table()))
                    .toList());
    for (TablePartition partition : registration.partitions()) {
      if (comparison.assertSame(partition) > 0) {
        withRows.add(partition.table());
      }
    }
    // The generated input has no bad row, nobody looked for near-duplicates, there are no towers.
    assertThat(withRows)
        .containsAll(
            EnumSet.complementOf(
                EnumSet.of(
                    HiveTable.NEAR_DUPLICATES,
                    HiveTable.REJECTS,
                    HiveTable.CHECKPOINTS,
                    HiveTable.USER_VECTORS,
                    HiveTable.ITEM_VECTORS)));
    for (String view : column("SHOW VIEWS IN dicm")) {
      hive("SELECT * FROM dicm." + view + " LIMIT 1");
    }
  }

  @Test
  @Order(2)
  void metricsAreThoseOfThePredictions() throws Exception {
    List<double[]> predictions = new ArrayList<>();
    QueryResult rows = hive("SELECT probability, label FROM dicm.predictions WHERE run = 'first'");
    for (List<String> row : rows.rows()) {
      predictions.add(
          new double[] {Double.parseDouble(row.get(0)), Double.parseDouble(row.get(1))});
    }

    Map<String, Double> metrics = new TreeMap<>();
    for (List<String> row :
        hive("SELECT metric, value FROM dicm.metrics WHERE run = 'first'").rows()) {
      metrics.put(row.get(0), Double.valueOf(row.get(1)));
    }

    assertThat(predictions).hasSize(metrics.get("impressions").intValue()).hasSizeGreaterThan(300);
    assertThat(metrics.get("auc"))
        .isCloseTo(PlainMetrics.areaUnderCurve(predictions), within(1e-9));
    assertThat(metrics.get("log_loss")).isCloseTo(PlainMetrics.logLoss(predictions), within(1e-9));
    assertThat(metrics.get("gauc")).isBetween(0.0, 1.0);
    List<String> functions =
        hive("SELECT dicm.auc(label, probability), dicm.gauc(user_id, label, probability)"
                + " FROM dicm.predictions WHERE run = 'first'")
            .rows()
            .get(0);
    assertThat(Double.parseDouble(functions.get(0))).isCloseTo(metrics.get("auc"), within(1e-12));
    assertThat(Double.parseDouble(functions.get(1))).isCloseTo(metrics.get("gauc"), within(1e-12));
  }

  @Test
  @Order(2)
  void queriesThatComeWithDicmRun() {
    Map<String, String> variables = Map.of("dt", DATE, "run", "first", "image", "picture-0003");
    // Those of two days or runs, and those that may have no rows, are in HiveIT.
    for (NamedQuery query :
        EnumSet.complementOf(
            EnumSet.of(
                NamedQuery.DRIFT,
                NamedQuery.ITEMS_FOR_USER,
                NamedQuery.LEFT_OUT,
                NamedQuery.MISSING,
                NamedQuery.NEW_ADS,
                NamedQuery.RANKING_CHANGES))) {
      assertThat(sandbox.hive("dicm").run(query, variables).rows())
          .as(query.title())
          .isNotEmpty()
          .allSatisfy(row -> assertThat(certain(query, row)).doesNotContain("NULL"));
    }
  }

  /** A part of few impressions may have no AUC, or no interval of it. */
  private static List<String> certain(NamedQuery query, List<String> row) {
    boolean part = query == NamedQuery.SLICES && !row.get(0).equals("all");
    return part ? row.subList(0, 3) : row;
  }

  @Test
  @Order(2)
  void queryCommandPrintsTheRows() throws Exception {
    CommandResult result =
        sandbox.dicm(
            COMMAND_LIMIT, "query", "SELECT metric, value FROM dicm.metrics WHERE run = 'first'");

    assertThat(result.exitStatus()).as(result.errors()).isZero();
    assertThat(result.output()).containsPattern("auc +0\\.[0-9]+").contains("metric", "log_loss");
  }

  @Test
  @Order(3)
  void memoryOfEveryRoleIsWithinWhatItAskedFor() {
    var history =
        new JsonFiles(conf)
            .readTree(
                new org.apache.hadoop.fs.Path(
                    WORKSPACE + "/runs/dt=" + DATE + "/run=first/_history.json"),
                io.dicm.common.error.ErrorCode.INPUT_MISSING);

    assertThat(history.path("containers").size()).isGreaterThanOrEqualTo(5);
    history
        .path("containers")
        .forEach(
            container ->
                assertThat(container.path("max_rss_mb").asLong())
                    .as(container.toString())
                    .isPositive()
                    .isLessThanOrEqualTo(container.path("memory_mb").asLong()));
  }

  @Test
  @Order(4)
  void secondRunExtractsNothingAndGetsTheSameModel() throws Exception {
    long before = newestFeatureFile();

    CommandResult result =
        sandbox.dicm(
            PIPELINE_LIMIT,
            "pipeline",
            writePipelineFile(
                INPUT,
                "second",
                List.of("extract", "samples", "train", "predict"),
                // Encrypted connections change nothing of what is learned, nor does it who runs
                // small jobs: the master here, the first run's had containers.
                Map.of(
                    "dicm.train.epochs", "1",
                    "dicm.samples.split", "last-days:2",
                    "dicm.security.tls", "true")));

    assertThat(result.exitStatus()).as(result.errors()).isZero();
    assertThat(newestFeatureFile()).as("the features are the first run's").isEqualTo(before);
    assertThat(PredictedRows.read(conf, predictions("second")))
        .isNotEmpty()
        .isEqualTo(PredictedRows.read(conf, predictions("first")));
  }

  private static org.apache.hadoop.fs.Path predictions(String run) {
    return new org.apache.hadoop.fs.Path(WORKSPACE + "/predictions/dt=" + DATE + "/run=" + run);
  }

  @Test
  @Order(5)
  void missingImageFolderIsOneSentence() throws Exception {
    fs.mkdirs(new org.apache.hadoop.fs.Path("/it/no-images"));
    copyInputWithout("images", "/it/no-images");

    CommandResult result = pipelineOn("/it/no-images", "noimages", Map.of());

    assertRefused(result, ExitCode.BAD_DATA, "INPUT_MISSING", "/it/no-images/images");
    assertNothingRegistered("noimages");
  }

  @Test
  @Order(6)
  void unreadableFeaturesJsonIsOneSentence() throws Exception {
    copyInputWithout("features.json", "/it/bad-features");
    try (var out = fs.create(new org.apache.hadoop.fs.Path("/it/bad-features/features.json"))) {
      out.writeBytes("{\"features\": [");
    }

    CommandResult result = pipelineOn("/it/bad-features", "badfeatures", Map.of());

    assertRefused(result, ExitCode.CONFIGURATION, "FEATURES_JSON_INVALID", "features.json");
    assertNothingRegistered("badfeatures");
  }

  @Test
  @Order(7)
  void unknownQueueIsOneSentence() throws Exception {
    CommandResult result = pipelineOn(INPUT, "noqueue", Map.of("dicm.yarn.queue", "no-such-queue"));

    assertThat(result.exitStatus()).as(result.errors()).isEqualTo(ExitCode.CONFIGURATION.status());
    assertThat(result.errors()).contains("no-such-queue").doesNotContain("\tat ");
    assertNothingRegistered("noqueue");
  }

  @Test
  @Order(8)
  void gangThatTheQueueCannotHoldIsReleased() throws Exception {
    CommandResult result =
        pipelineOn(
            INPUT,
            "fullqueue",
            Map.of(
                "dicm.train.servers",
                "60",
                "dicm.yarn.gang-timeout-seconds",
                "10",
                // Else the client would refuse it.
                "dicm.yarn.check-capacity",
                "false",
                "dicm.train.epochs",
                "1"));

    assertRefused(result, ExitCode.NO_RESOURCES, "NO_RESOURCES", "60");
    assertNothingRegistered("fullqueue");
    await().atMost(Duration.ofSeconds(30)).until(() -> sandbox.containers().isEmpty());
  }

  @Test
  @Order(9)
  void unknownOptionPrintsUsage() throws Exception {
    CommandResult result = sandbox.dicm(COMMAND_LIMIT, "pipeline", "--no-such-option");

    assertThat(result.exitStatus()).isEqualTo(ExitCode.USAGE.status());
    assertThat(result.output()).isEmpty();
    assertThat(result.errors())
        .contains("no-such-option")
        .contains("usage")
        .doesNotContain("\tat ");
  }

  @Test
  @Order(9)
  void movieLensDirectoryIsImported() throws Exception {
    Path ratings = MovieLensDirectory.make(Path.of("target", "ratings").toAbsolutePath());

    CommandResult result =
        sandbox.dicm(
            COMMAND_LIMIT,
            "import",
            "movielens",
            "--from",
            ratings.toString(),
            "--to",
            "/movielens/input",
            "--output",
            "properties");

    assertThat(result.exitStatus()).as(result.errors()).isZero();
    assertThat(result.properties())
        .containsEntry("images", "2")
        .containsEntry("impressions", "3")
        .containsEntry("clicks", "2");
    assertThat(fs.exists(new org.apache.hadoop.fs.Path("/movielens/input/images/7.jpg"))).isTrue();
  }

  @Test
  @Order(10)
  void killedApplicationLeavesNoContainerAndNoTable() throws Exception {
    CommandProcess client =
        sandbox.startDicm(
            List.of(
                "pipeline",
                writePipelineFile(INPUT, "killed", Map.of("dicm.train.epochs", "1000"))));
    await()
        .atMost(PIPELINE_LIMIT)
        .until(() -> sandbox.containers().stream().filter(c -> c.contains("java")).count() >= 5);
    String application =
        sandbox.containers().get(0).replaceAll("(?s).*(application_\\d+_\\d+).*", "$1");

    client.killHard();
    CommandResult killed = sandbox.dicm(COMMAND_LIMIT, "kill", application);

    assertThat(killed.exitStatus()).as(killed.errors()).isZero();
    await().atMost(Duration.ofSeconds(60)).until(() -> sandbox.containers().isEmpty());
    assertNothingRegistered("killed");
  }

  @Test
  @Order(12)
  void warmStartFromARunWithoutCheckpointIsOneSentence() throws Exception {
    CommandResult result =
        pipelineOn(INPUT, "coldstart", Map.of("dicm.train.warm-start", "no-such-run"));

    assertRefused(result, ExitCode.BAD_DATA, "INPUT_MISSING", "no-such-run");
    assertNothingRegistered("coldstart");
  }

  /** As long as it is not registered again: half of it may be new. */
  @Test
  @Order(12)
  void runWhoseOutputsAreReplacedIsOutOfSight() throws Exception {
    assertThat(column("SELECT DISTINCT run FROM dicm.daily_gauc")).contains("first");

    CommandResult result =
        smallJobs.dicm(
            PIPELINE_LIMIT, "evaluate", "--workspace", WORKSPACE, "--date", DATE, "--run", "first");

    assertThat(result.exitStatus()).as(result.errors()).isZero();
    assertThat(column("SELECT DISTINCT run FROM dicm.daily_gauc")).doesNotContain("first");
  }

  /** The last two days of the generated log, in a workspace of their own. */
  @Test
  @Order(13)
  void theNextDayGoesOnWhereTheDayBeforeEnded() throws Exception {
    CommandResult first = incremental("2024-05-09", "day09");
    CommandResult second = incremental("2024-05-10", "day10");

    assertThat(first.exitStatus()).as(first.errors()).isZero();
    assertThat(first.errors())
        .contains("No day before 2024-05-09 has a trained model")
        .contains("training begins with initial values");
    assertThat(second.exitStatus()).as(second.errors()).isZero();
    assertThat(second.errors())
        .contains("Training begins with run day09 of 2024-05-09 (full: ")
        .contains("goes over the impressions from 2024-05-10 on.");
    assertThat(json("models/run=day10/model.json", "beginning"))
        .containsEntry("run", "day09")
        .containsEntry("mode", "FULL");
    String manifest = "samples/run=day10/_manifest.json";
    int left = (Integer) json(manifest, "leftOut").get("before_train_from");
    int kept =
        (Integer) json(manifest, "train").get("impressions")
            + (Integer) json(manifest, "test").get("impressions");
    assertThat(left + kept).isEqualTo(3000);
    assertThat(kept).isBetween(1, left);
  }

  private CommandResult incremental(String date, String run) throws Exception {
    String file = "/it/daily-" + run + ".json";
    new JsonFiles(conf)
        .write(
            new org.apache.hadoop.fs.Path(file),
            Map.of(
                "input",
                INPUT,
                "workspace",
                DAILY_WORKSPACE,
                "date",
                date,
                "run",
                run,
                "stages",
                List.of("extract", "samples", "train", "predict"),
                "properties",
                Map.of(
                    "dicm.train.epochs", "1",
                    // The network that needs most of the samples: behaviours and a catalogue.
                    "dicm.model.network", "dien",
                    "dicm.train.staleness", "-1",
                    "dicm.train.warm-start-mode", "full")));
    return smallJobs.dicm(PIPELINE_LIMIT, "pipeline", "--incremental", file);
  }

  /** An object within a JSON file of the daily workspace. */
  @SuppressWarnings("unchecked")
  private Map<String, Object> json(String path, String name) {
    Map<String, Object> file =
        new JsonFiles(conf)
            .read(
                new org.apache.hadoop.fs.Path(DAILY_WORKSPACE, path),
                Map.class,
                ErrorCode.INPUT_MISSING);
    return (Map<String, Object>) file.get(name);
  }

  private CommandResult pipelineOn(String input, String run, Map<String, String> properties)
      throws Exception {
    return smallJobs.dicm(PIPELINE_LIMIT, "pipeline", writePipelineFile(input, run, properties));
  }

  private String writePipelineFile(String input, String run, Map<String, String> properties)
      throws IOException {
    List<String> all = Arrays.stream(StageName.values()).map(StageName::label).toList();
    return writePipelineFile(input, run, all, properties);
  }

  private String writePipelineFile(
      String input, String run, List<String> stages, Map<String, String> properties)
      throws IOException {
    String file = "/it/pipeline-" + run + ".json";
    new JsonFiles(conf)
        .write(
            new org.apache.hadoop.fs.Path(file),
            Map.of(
                "name", "it-" + run,
                "input", input,
                "workspace", WORKSPACE,
                "date", DATE,
                "run", run,
                "stages", stages,
                "properties", properties));
    return file;
  }

  private void copyInputWithout(String left, String target) throws Exception {
    for (var status : fs.listStatus(new org.apache.hadoop.fs.Path(INPUT))) {
      if (!status.getPath().getName().equals(left)) {
        org.apache.hadoop.fs.FileUtil.copy(
            fs,
            status.getPath(),
            fs,
            new org.apache.hadoop.fs.Path(target, status.getPath().getName()),
            false,
            conf);
      }
    }
  }

  private void assertRefused(CommandResult result, ExitCode code, String error, String names) {
    assertThat(result.exitStatus()).as(result.errors()).isEqualTo(code.status());
    assertThat(result.errors()).contains(error).contains(names).doesNotContain("\tat ");
  }

  private void assertNothingRegistered(String run) throws Exception {
    for (String table : List.of("predictions", "metrics", "image_codes", "runs")) {
      assertThat(column("SHOW PARTITIONS dicm." + table))
          .as(table)
          .noneMatch(partition -> partition.contains("run=" + run));
    }
  }

  private long newestFeatureFile() throws Exception {
    long newest = 0;
    var files = fs.listFiles(new org.apache.hadoop.fs.Path(WORKSPACE, "features"), true);
    while (files.hasNext()) {
      newest = Math.max(newest, files.next().getModificationTime());
    }
    return newest;
  }

  private long count(String from) {
    return Long.parseLong(column("SELECT count(*) FROM " + from).get(0));
  }

  private List<String> column(String query) {
    return hive(query).rows().stream().map(row -> row.get(0)).toList();
  }

  private QueryResult hive(String query) {
    return sandbox.hive("dicm").run(query);
  }
}
