package io.dicm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dicm.common.error.ErrorCode;
import io.dicm.common.error.ExitCode;
import io.dicm.common.json.JsonFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Applications on a cluster of two nodes of which one thing at a time is lost. Each ends with the
 * model of an undisturbed one, to the last bit, or with one sentence; and nothing is left behind.
 * All use the samples of the first one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsIT {
  private static final Duration LIMIT = Duration.ofMinutes(8);
  private static final Duration TIDY_LIMIT = Duration.ofSeconds(60);
  private static final String DATE = "2026-01-31";
  private static final String INPUT = "/faults/input";
  private static final String WORKSPACE = "/faults/workspace";
  private static final String MASTER = "io.dicm.app.master.ApplicationMaster";
  private static final String UNDISTURBED = "undisturbed";
  private static final Path DIRECTORY = Path.of("target", "sandbox-lost").toAbsolutePath();

  /** A ResourceManager that starts again is waited for. */
  private static final List<String> OPTIONS =
      List.of("-D", "yarn.resourcemanager.connect.max-wait.ms=60000");

  private final SandboxUnderTest sandbox =
      SandboxUnderTest.withSmallJobs(Path.of(System.getProperty("dicm.home")), DIRECTORY);
  private final YarnClient yarn = YarnClient.createYarnClient();
  private Configuration conf;
  private FileSystem fs;
  private ModelFiles model;
  private Map<String, Double> predictions;

  @BeforeAll
  void startSandboxAndRunUndisturbed() throws Exception {
    sandbox.start("--no-hive", "--nodes", "2", "--memory-mb", "6144", "--vcores", "12");
    Files.createDirectories(DIRECTORY.resolve("run/faults"));
    conf = sandbox.configuration();
    fs = FileSystem.get(conf);
    yarn.init(new YarnConfiguration(conf));
    yarn.start();
    List<String> size = List.of("--items", "10", "--users", "40", "--impressions", "1500");
    List<String> arguments = new ArrayList<>(List.of("import", "generated", "--to", INPUT));
    arguments.addAll(size);
    succeeds(sandbox.startDicm(arguments));
    succeeds(start(UNDISTURBED, List.of("extract", "samples", "train", "predict"), Map.of()));
    model = model(UNDISTURBED);
    predictions = predictions(UNDISTURBED);
    assertThat(predictions).isNotEmpty();
  }

  @AfterEach
  void nothingIsLeft() {
    await("containers")
        .atMost(TIDY_LIMIT)
        .untilAsserted(() -> assertThat(sandbox.containers()).isEmpty());
    await("applications and MapReduce jobs")
        .atMost(TIDY_LIMIT)
        .untilAsserted(
            () ->
                assertThat(
                        yarn.getApplications(
                            EnumSet.of(
                                YarnApplicationState.ACCEPTED, YarnApplicationState.RUNNING)))
                    .isEmpty());
    await("staging")
        .atMost(TIDY_LIMIT)
        .untilAsserted(
            () ->
                assertThat(
                        fs.globStatus(
                            new org.apache.hadoop.fs.Path(
                                fs.getHomeDirectory(), ".dicm/staging/*")))
                    .isEmpty());
    await("unfinished outputs")
        .atMost(TIDY_LIMIT)
        .untilAsserted(
            () -> {
              for (String depth : List.of("/*/", "/*/*/", "/*/*/*/")) {
                assertThat(
                        fs.globStatus(
                            new org.apache.hadoop.fs.Path(WORKSPACE + depth + "{_staging,_old-}*")))
                    .isEmpty();
              }
            });
  }

  @AfterAll
  void stopSandbox() throws Exception {
    yarn.stop();
    fs.close();
    sandbox.close();
    assertThat(sandbox.processes()).as("processes left after the sandbox was stopped").isEmpty();
  }

  @Test
  @Order(1)
  void masterLostDuringATraining() throws Exception {
    CommandProcess training = start("master", List.of("train", "predict"), Map.of());
    awaitStep(training, "master", 10);
    kill(MASTER);

    CommandResult result = succeeds(training);

    assertThat(result.errors())
        .containsPattern(
            "restarted once, last from step [1-9][0-9]* after: CONTAINER_FAILED: The application"
                + " master was lost in attempt 1");
    assertThat(model("master")).isEqualTo(model);
    assertThat(predictions("master")).isEqualTo(predictions);
    assertThat(attempt("master")).isEqualTo(2);
  }

  /** As a node signals a container on request; so the next attempt has nothing to make again. */
  @Test
  @Order(1)
  void masterSignalledDuringATraining() throws Exception {
    CommandProcess training = start("signal", List.of("train"), Map.of());
    awaitStep(training, "signal", 10);
    assertThat(process(MASTER).orElseThrow().destroy()).isTrue();

    CommandResult result = succeeds(training);

    assertThat(result.errors()).containsPattern("restarted once, last from step [1-9][0-9]* after");
    assertThat(model("signal")).isEqualTo(model);
    assertThat(attempt("signal")).isEqualTo(2);
    String application = application(training);
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(
            () ->
                assertThat(
                        sandbox
                            .startDicm(List.of("logs", application, "--role", "master"))
                            .await(LIMIT)
                            .output())
                    .as("what the first attempt said")
                    .contains("The training was stopped on request. Its checkpoint after step "));
  }

  @Test
  @Order(1)
  void ownerStopsATraining() throws Exception {
    CommandProcess training =
        start("stopped", List.of("train", "predict"), Map.of("dicm.train.epochs", "1000"));
    long step = awaitStep(training, "stopped", 10);
    String application = application(training);

    CommandResult kill =
        sandbox.startDicm(List.of("kill", application, "--after-checkpoint")).await(LIMIT);
    CommandResult result = training.await(LIMIT);

    assertThat(kill.exitStatus()).as(kill.errors()).isZero();
    assertThat(kill.errors())
        .containsPattern("was stopped. The training was stopped on request. Its checkpoint after");
    assertThat(result.exitStatus()).as(result.errors()).isEqualTo(ExitCode.KILLED.status());
    assertThat(result.errors()).contains("KILLED: " + application + " was stopped.");
    assertThat(newestStep("stopped")).isGreaterThan(step);
    assertThat(fs.exists(new org.apache.hadoop.fs.Path(WORKSPACE + "/models/run=stopped")))
        .as("half a model")
        .isFalse();
  }

  @Test
  @Order(2)
  void ownerStopsAMapReduceJob() throws Exception {
    CommandProcess samples =
        start(
            "unfinished",
            List.of("samples"),
            Map.of("dicm.samples.run", "unfinished", "dicm.mapreduce.local-input-mb", "0"));
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> process("MRAppMaster").isPresent() || !samples.isAlive());

    CommandResult kill =
        sandbox.startDicm(List.of("kill", application(samples), "--after-checkpoint")).await(LIMIT);
    CommandResult result = samples.await(LIMIT);

    assertThat(kill.errors()).contains("was stopped. It was stopped on request in stage samples.");
    assertThat(result.exitStatus()).as(result.errors()).isEqualTo(ExitCode.KILLED.status());
  }

  @Test
  @Order(2)
  void masterLostDuringAMapReduceJob() throws Exception {
    CommandProcess samples =
        start(
            "mapreduce",
            List.of("samples"),
            Map.of("dicm.samples.run", "mapreduce", "dicm.mapreduce.local-input-mb", "0"));
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> process("MRAppMaster").isPresent() || !samples.isAlive());
    kill(MASTER);

    succeeds(samples);

    assertThat(manifest("mapreduce")).isEqualTo(manifest(UNDISTURBED));
  }

  @Test
  @Order(3)
  void masterLostInEachOfItsAttempts() throws Exception {
    CommandProcess training = start("twice", List.of("train"), Map.of());
    awaitStep(training, "twice", 10);
    long first = process(MASTER).orElseThrow().pid();
    kill(MASTER);
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> process(MASTER).filter(second -> second.pid() != first).isPresent());
    kill(MASTER);

    CommandResult result = training.await(LIMIT);

    assertThat(result.exitStatus())
        .as(result.errors())
        .isEqualTo(ExitCode.APPLICATION_FAILED.status());
    assertThat(result.errors())
        .containsPattern("CONTAINER_FAILED: The application master failed: .* failed 2 times ");
  }

  @Test
  @Order(4)
  void serverAndWorkerLost() throws Exception {
    CommandProcess training = start("gang", List.of("train"), Map.of());
    long step = awaitStep(training, "gang", 10);
    kill("ContainerMain server 1");
    awaitStep(training, "gang", step + 10);
    kill("ContainerMain worker 0");

    CommandResult result = succeeds(training);

    assertThat(result.errors())
        .containsPattern("restarted 2 times, last from step [1-9][0-9]* after: .*worker 0, ");
    assertThat(model("gang")).isEqualTo(model);
    assertThat(checkpoints("gang")).as("the newest two").hasSize(2);
  }

  @Test
  @Order(5)
  void predictorLost() throws Exception {
    CommandProcess prediction =
        start(
            "predictor",
            List.of("predict"),
            Map.of("dicm.predict.model", WORKSPACE + "/models/run=" + UNDISTURBED));
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> process("ContainerMain predictor 0").isPresent() || !prediction.isAlive());
    kill("ContainerMain predictor 0");

    CommandResult result = succeeds(prediction);

    assertThat(result.errors()).containsPattern("restarted once, last after: .*predictor 0, ");
    assertThat(predictions("predictor")).isEqualTo(predictions);
  }

  @Test
  @Order(6)
  void fileSystemFull() throws Exception {
    CommandProcess training =
        start("full", List.of("train"), Map.of("dicm.train.max-restarts", "1"));
    awaitStep(training, "full", 10);
    DistributedFileSystem hdfs = (DistributedFileSystem) fs;
    var workspace = new org.apache.hadoop.fs.Path(WORKSPACE);
    hdfs.setQuota(
        workspace, HdfsConstants.QUOTA_DONT_SET, hdfs.getContentSummary(workspace).getLength());
    try {
      CommandResult result = training.await(LIMIT);

      assertFails(result, "STORAGE_FAILED", "quota");
    } finally {
      hdfs.setQuota(workspace, HdfsConstants.QUOTA_DONT_SET, HdfsConstants.QUOTA_RESET);
    }
  }

  @Test
  @Order(7)
  void dataNodeStopped() throws Exception {
    CommandProcess training =
        start("datanode", List.of("train"), Map.of("dicm.train.max-restarts", "0"));
    awaitStep(training, "datanode", 10);
    fault("stop-datanode");
    try {
      CommandResult result = training.await(LIMIT);

      assertFails(result, "STORAGE_FAILED", "Cannot ");
    } finally {
      fault("start-datanode");
    }
  }

  @Test
  @Order(8)
  void resourceManagerStartedAgain() throws Exception {
    CommandProcess training = start("rm", List.of("train", "predict"), Map.of());
    awaitStep(training, "rm", 10);

    fault("restart-resource-manager");
    succeeds(training);

    assertThat(model("rm")).isEqualTo(model);
    assertThat(predictions("rm")).isEqualTo(predictions);
    assertThat(attempt("rm")).as("the same master").isEqualTo(1);
  }

  /** The last test: nothing starts the node again. */
  @Test
  @Order(9)
  void nodeStopped() throws Exception {
    CommandProcess training = start("node", List.of("train"), Map.of());
    awaitStep(training, "node", 10);

    fault("stop-last-node");
    succeeds(training);

    assertThat(model("node")).isEqualTo(model);
  }

  /** Starts a pipeline that trains in 75 steps, with a checkpoint after every five. */
  private CommandProcess start(String run, List<String> stages, Map<String, String> properties)
      throws Exception {
    Map<String, String> all = new HashMap<>();
    all.put("dicm.samples.run", UNDISTURBED);
    all.put("dicm.train.batch-size", "16");
    all.put("dicm.train.epochs", "1");
    all.put("dicm.train.servers", "2");
    all.put("dicm.train.workers", "1");
    all.put("dicm.train.checkpoint-steps", "5");
    all.putAll(properties);
    String file = "/faults/" + run + ".json";
    new JsonFiles(conf)
        .write(
            new org.apache.hadoop.fs.Path(file),
            Map.of(
                "name", run,
                "input", INPUT,
                "workspace", WORKSPACE,
                "date", DATE,
                "run", run,
                "stages", stages,
                "properties", all));
    List<String> command = new ArrayList<>(List.of("pipeline", file));
    command.addAll(OPTIONS);
    return sandbox.startDicm(command);
  }

  private static String application(CommandProcess command) throws Exception {
    return command.errors().replaceAll("(?s).*Submitted (application_\\d+_\\d+).*", "$1");
  }

  private static CommandResult succeeds(CommandProcess command) throws Exception {
    CommandResult result = command.await(LIMIT);
    assertThat(result.exitStatus()).as(result.errors()).isZero();
    return result;
  }

  private static void assertFails(CommandResult result, String code, String reason) {
    assertThat(result.exitStatus())
        .as(result.errors())
        .isNotIn(ExitCode.OK.status(), ExitCode.INTERNAL_ERROR.status());
    // Hadoop's own clients may have logged what they saw before.
    assertThat(result.errors().lines().reduce("", (before, line) -> line))
        .startsWith(code + ": Stage train: ")
        .contains(reason)
        .doesNotContain("\tat ");
  }

  /** Waits until a run's training has a checkpoint of at least so many steps; its steps. */
  private long awaitStep(CommandProcess command, String run, long steps) throws Exception {
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> newestStep(run) >= steps || !command.isAlive());
    assertThat(command.isAlive()).as("still runs: " + command.errors()).isTrue();
    return newestStep(run);
  }

  private FileStatus[] checkpoints(String run) throws Exception {
    return fs.globStatus(
        new org.apache.hadoop.fs.Path(WORKSPACE + "/checkpoints/run=" + run + "/*/step=*"));
  }

  private long newestStep(String run) throws Exception {
    long newest = 0;
    for (FileStatus checkpoint : checkpoints(run)) {
      newest = Math.max(newest, Long.parseLong(checkpoint.getPath().getName().substring(5)));
    }
    return newest;
  }

  /** As {@code kill -9} does, to the Java process of a container. */
  private void kill(String mark) {
    assertThat(process(mark).orElseThrow().destroyForcibly()).isTrue();
  }

  private static Optional<ProcessHandle> process(String mark) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().command().orElse("").endsWith("java"))
        .filter(
            process -> {
              String line = process.info().commandLine().orElse("");
              return line.contains(DIRECTORY.toString())
                  && line.contains("container_")
                  && line.contains(mark);
            })
        .findFirst();
  }

  /** Asks the sandbox's daemons for a fault and waits until it is there. */
  private static void fault(String name) throws Exception {
    Path request = DIRECTORY.resolve("run/faults").resolve(name);
    Files.createFile(request);
    await().atMost(LIMIT).pollInterval(Duration.ofMillis(50)).until(() -> !Files.exists(request));
    Path failed = request.resolveSibling(name + ".failed");
    assertThat(failed).as("what failed").doesNotExist();
  }

  private ModelFiles model(String run) throws Exception {
    return ModelFiles.read(conf, new org.apache.hadoop.fs.Path(WORKSPACE + "/models/run=" + run));
  }

  private Map<String, Double> predictions(String run) throws Exception {
    return PredictedRows.read(
        conf, new org.apache.hadoop.fs.Path(WORKSPACE + "/predictions/dt=" + DATE + "/run=" + run));
  }

  private String manifest(String run) {
    return new JsonFiles(conf)
        .readTree(
            new org.apache.hadoop.fs.Path(WORKSPACE + "/samples/run=" + run + "/_manifest.json"),
            ErrorCode.INPUT_MISSING)
        .toString();
  }

  /** Which attempt of the master ended a run. */
  private int attempt(String run) {
    return new JsonFiles(conf)
        .readTree(
            new org.apache.hadoop.fs.Path(
                WORKSPACE + "/runs/dt=" + DATE + "/run=" + run + "/_history.json"),
            ErrorCode.INPUT_MISSING)
        .path("attempt")
        .asInt();
  }
}
