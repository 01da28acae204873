package io.dicm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dicm.common.error.ErrorCode;
import io.dicm.common.error.ExitCode;
import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The Oozie application as it is deployed, on the real Oozie engine: two days in order, a launcher
 * that is lost, gates, a failure, a kill.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OozieIT {
  private static final Duration COMMAND_LIMIT = Duration.ofMinutes(2);
  private static final Duration DAY_LIMIT = Duration.ofMinutes(20);
  private static final String INPUT = "/shop/input";
  private static final String WORKSPACE = "/shop/workspace";
  private static final String APPLICATION = "/apps/dicm/oozie";

  /** The last two days of the generated log, which begins on 2024-05-01. */
  private static final String FIRST = "2024-05-03";

  private static final String SECOND = "2024-05-04";

  private final Path home = Path.of(System.getProperty("dicm.home"));
  private final Path folder = Path.of("target", "sandbox-oozie").toAbsolutePath();
  private final SandboxUnderTest sandbox = new SandboxUnderTest(home, folder);
  private final YarnClient yarn = YarnClient.createYarnClient();
  private Configuration conf;
  private FileSystem fs;

  @BeforeAll
  void deploy() throws Exception {
    sandbox.start("--with", "oozie");
    conf = sandbox.configuration();
    fs = FileSystem.get(conf);
    yarn.init(new YarnConfiguration(conf));
    yarn.start();
    List<String> size = List.of("--items", "10", "--users", "60", "--impressions", "1200");
    List<String> arguments = new ArrayList<>(List.of("import", "generated", "--to", INPUT));
    arguments.addAll(size);
    arguments.addAll(List.of("--days", "4", "--seed", "5"));
    assertThat(sandbox.startDicm(arguments).await(COMMAND_LIMIT).exitStatus()).isZero();
    partitionTheLogByDay();
    fs.mkdirs(hdfs(APPLICATION));
    for (String file :
        List.of(
            "workflow.xml",
            "extract.xml",
            "backfill.xml",
            "coordinator.xml",
            "extract-coordinator.xml",
            "bundle.xml",
            "dicm.sh",
            "reason.sh")) {
      fs.copyFromLocalFile(
          hdfs(home.resolve("oozie/src/main/oozie").resolve(file).toUri().toString()),
          hdfs(APPLICATION));
    }
    fs.copyFromLocalFile(
        hdfs(home.resolve("yarn-app/target/dicm.jar").toUri().toString()), hdfs("/apps/dicm"));
    write(APPLICATION + "/settings.xml", settings());
  }

  @AfterAll
  void stopSandbox() throws Exception {
    yarn.stop();
    fs.close();
    sandbox.close();
    assertThat(sandbox.processes()).as("processes left after the sandbox was stopped").isEmpty();
  }

  /** The first day's launcher is lost while the pipeline runs. */
  @Test
  @Order(1)
  void twoDaysRunInOrderAndAreRunOnce() throws Exception {
    String job =
        submit(
            "coordinator", Map.of("firstDay", FIRST + "T00:00Z", "lastDay", "2024-05-05T00:00Z"));
    ApplicationReport pipeline = awaitApplication("dicm-" + FIRST + "-daily-" + FIRST);
    ApplicationReport launcher = launcherOf("pipeline");
    assertThat(launcher.getQueue()).endsWith("launchers");
    assertThat(pipeline.getQueue()).endsWith("default");
    killProcessOf(launcher);

    Map<String, String> status = awaitEnd(job);

    assertThat(status)
        .containsEntry("status", "SUCCEEDED")
        .containsEntry("0.status", "SUCCEEDED")
        .containsEntry("1.status", "SUCCEEDED");
    assertThat(yarn.getApplicationAttempts(launcher.getApplicationId()))
        .as("attempts of the launcher that was lost")
        .hasSize(2);
    assertThat(names())
        .as("applications of DICM: for each day one that trains and one that publishes")
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "dicm-" + FIRST + "-daily-" + FIRST, 2, "dicm-" + SECOND + "-daily-" + SECOND, 2));
    Map<?, ?> model = json("models/run=daily-" + SECOND + "/model.json");
    assertThat(((Map<?, ?>) model.get("beginning")).get("run")).isEqualTo("daily-" + FIRST);
    assertThat(json("models/run=daily-" + FIRST + "/model.json").get("beginning")).isNull();
    for (String day : List.of(FIRST, SECOND)) {
      assertThat(
              sandbox
                  .hive("dicm")
                  .run("SELECT count(*) FROM dicm.predictions WHERE run = 'daily-" + day + "'")
                  .rows()
                  .get(0)
                  .get(0))
          .isNotEqualTo("0");
    }
  }

  /** As YARN or Oozie starts a launcher again whose application has ended meanwhile. */
  @Test
  @Order(2)
  void launcherOfAnActionThatIsDoneSubmitsNothing() throws Exception {
    ApplicationReport done =
        applications().stream()
            .filter(report -> report.getName().startsWith("dicm-" + FIRST))
            .min((a, b) -> a.getApplicationId().compareTo(b.getApplicationId()))
            .orElseThrow();
    String tag = tag(done, "oozie-");
    String run = tag(done, "dicm_oozie_run_").substring("dicm_oozie_run_".length());
    Path action =
        Files.writeString(
            folder.resolveSibling("oozie-action.xml"),
            "<configuration><property><name>oozie.child.mapreduce.job.tags</name><value>"
                + tag
                + "</value></property></configuration>");
    String file = "/it/again.json";
    new JsonFiles(conf)
        .write(
            hdfs(file),
            Map.of(
                "input", INPUT,
                "workspace", WORKSPACE,
                "date", FIRST,
                "run", "daily-" + FIRST,
                "stages", List.of("extract", "samples", "train", "predict", "evaluate")));

    CommandResult again =
        sandbox
            .startDicm(
                Map.of("OOZIE_ACTION_CONF_XML", action.toString(), "DICM_OOZIE_RUN", run),
                List.of("pipeline", file, "--key", "auto", "--output", "properties"))
            .await(COMMAND_LIMIT);

    assertThat(again.exitStatus()).as(again.errors()).isZero();
    assertThat(again.properties())
        .containsEntry("application_id", done.getApplicationId().toString())
        .containsEntry("run", "daily-" + FIRST)
        .containsEntry("missing_image_fraction", "0.0")
        .containsKeys("gauc", "calibration");
    assertThat(again.output().getBytes(StandardCharsets.UTF_8))
        .as("what Oozie captures")
        .hasSizeLessThan(2048);
  }

  @Test
  @Order(3)
  void gateStopsABadModel() throws Exception {
    String job =
        submit(
            "workflow",
            Map.of("date", SECOND, "run", "gated", "inputToDate", SECOND, "gaucAtLeast", "1.01"));

    Map<String, String> status = awaitEnd(job);

    assertThat(status).containsEntry("status", "KILLED");
    assertThat(status.get("message"))
        .startsWith("Run gated of " + SECOND + " (application_")
        .contains("is not published: its GAUC is 0.", "at least 1.01 is needed");
    assertThat(fs.exists(hdfs(WORKSPACE + "/models/run=gated/_SUCCESS"))).isTrue();
    assertThat(fs.exists(hdfs(WORKSPACE + "/image_codes/dt=" + SECOND + "/run=gated"))).isFalse();
  }

  /** By way of the backfill, whose sub-workflow it is that fails. */
  @Test
  @Order(4)
  void failureIsToldInTheWordsOfTheCommand() throws Exception {
    String job = submit("backfill", Map.of("date", SECOND, "inputPath", "/no/such/input"));

    Map<String, String> backfill = awaitEnd(job);

    assertThat(backfill).containsEntry("status", "KILLED").containsEntry("1.name", "day");
    String day = backfill.get("1.runs");
    assertThat(backfill.get("message"))
        .isEqualTo(
            "Backfill backfill-"
                + SECOND
                + " was not published: see workflow "
                + day
                + " of action day.");
    assertThat(awaitEnd(day).get("message"))
        .startsWith("Run backfill-" + SECOND + " of " + SECOND + " failed: INPUT_MISSING: 1 of ")
        .contains(" things are not fit for a run, first of them: input: ", "/no/such/input");
    assertThat(fs.listStatus(hdfs("/user/" + System.getProperty("user.name") + "/.dicm-oozie")))
        .as("sentences that were told")
        .isEmpty();
  }

  @Test
  @Order(5)
  void killedWorkflowKillsItsApplication() throws Exception {
    String job = submit("workflow", Map.of("date", SECOND, "run", "killed"));
    ApplicationReport pipeline = awaitApplication("dicm-" + SECOND + "-killed");

    CommandResult killed = sandbox.dicm(COMMAND_LIMIT, "oozie", "kill", job);

    assertThat(killed.exitStatus()).as(killed.errors()).isZero();
    await()
        .atMost(COMMAND_LIMIT)
        .until(
            () ->
                yarn.getApplicationReport(pipeline.getApplicationId()).getYarnApplicationState()
                    == YarnApplicationState.KILLED);
    await().atMost(COMMAND_LIMIT).until(() -> sandbox.containers().isEmpty());
    assertThat(awaitEnd(job)).containsEntry("status", "KILLED");
  }

  @Test
  @Order(6)
  void bundleHasBothCoordinators() throws Exception {
    String job =
        submit(
            "bundle",
            Map.of(
                "firstDay", "2099-01-01T00:00Z",
                "firstHour", "2099-01-01T00:30Z",
                "lastDay", "2099-01-03T00:00Z"));
    await()
        .atMost(COMMAND_LIMIT)
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(
            () ->
                assertThat(status(job))
                    .containsEntry("kind", "bundle")
                    .containsEntry("steps", "2")
                    .containsValues("extract-hourly", "train-daily"));

    assertThat(sandbox.dicm(COMMAND_LIMIT, "oozie", "kill", job).exitStatus()).isZero();
    assertThat(awaitEnd(job)).containsEntry("status", "KILLED");
  }

  @Test
  @Order(7)
  void unknownJobIsOneSentence() throws Exception {
    CommandResult result = sandbox.dicm(COMMAND_LIMIT, "oozie", "status", "0000000-1-oozie-x-W");

    assertThat(result.exitStatus()).isEqualTo(ExitCode.CONFIGURATION.status());
    assertThat(result.errors()).startsWith("CONFIGURATION_INVALID: Oozie at http://127.0.0.1:");
    assertThat(result.output()).isEmpty();
  }

  private String submit(String app, Map<String, String> properties) throws Exception {
    Map<String, String> all = new TreeMap<>(site());
    all.putAll(properties);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "oozie",
                "submit",
                home.resolve("oozie/src/main/oozie/job.properties").toString(),
                "--app",
                app,
                "--output",
                "properties"));
    all.forEach((name, value) -> arguments.addAll(List.of("--set", name + "=" + value)));
    CommandResult result = sandbox.startDicm(arguments).await(COMMAND_LIMIT);
    assertThat(result.exitStatus()).as(result.errors()).isZero();
    return result.properties().get("job_id");
  }

  private Map<String, String> site() {
    Map<String, String> site = new TreeMap<>();
    site.put("nameNode", conf.get("fs.defaultFS"));
    site.put("resourceManager", conf.get("yarn.resourcemanager.address"));
    site.put("javaHome", System.getProperty("java.home"));
    site.put("hadoopBin", folder.resolve("bin").toString());
    site.put("hadoopConfDir", folder.resolve("conf").toString());
    site.put("hiveJdbcUrl", conf.get("dicm.hive.jdbc-url"));
    site.put("inputPath", INPUT);
    site.put("workspacePath", "${nameNode}" + WORKSPACE);
    site.put("imagesReadyPath", "${nameNode}" + INPUT + "/images/_ready");
    site.put("logsReadyPath", "${nameNode}" + INPUT + "/impressions");
    // Too little is learned here for real ones.
    site.put("gaucAtLeast", "0.01");
    site.put("calibrationAtLeast", "0.01");
    site.put("calibrationAtMost", "100");
    site.put("retries", "0");
    return site;
  }

  private static String settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("dicm.samples.split", "last-days:1");
    settings.put("dicm.train.epochs", "1");
    settings.put("dicm.train.servers", "1");
    settings.put("dicm.train.workers", "1");
    settings.put("dicm.train.warm-start-mode", "full");
    settings.put("dicm.yarn.java-options", "-XX:TieredStopAtLevel=1");
    settings.put("mapreduce.job.ubertask.enable", "true");
    StringBuilder xml = new StringBuilder("<configuration>");
    settings.forEach(
        (name, value) ->
            xml.append(
                "<property><name>%s</name><value>%s</value></property>".formatted(name, value)));
    return xml.append("</configuration>").toString();
  }

  private Map<String, String> awaitEnd(String job) {
    List<Map<String, String>> seen = new ArrayList<>();
    await()
        .atMost(DAY_LIMIT)
        .pollInterval(Duration.ofSeconds(8))
        .until(
            () -> {
              seen.add(status(job));
              return !List.of("PREP", "RUNNING").contains(seen.get(seen.size() - 1).get("status"));
            });
    return seen.get(seen.size() - 1);
  }

  private Map<String, String> status(String job) throws Exception {
    CommandResult result =
        sandbox.dicm(COMMAND_LIMIT, "oozie", "status", job, "--output", "properties");
    assertThat(result.exitStatus()).as(result.errors()).isZero();
    return result.properties();
  }

  private ApplicationReport awaitApplication(String name) {
    List<ApplicationReport> found = new ArrayList<>();
    await()
        .atMost(DAY_LIMIT)
        .until(
            () -> {
              applications().stream()
                  .filter(report -> report.getName().equals(name))
                  .filter(
                      report -> report.getYarnApplicationState() == YarnApplicationState.RUNNING)
                  .forEach(found::add);
              return !found.isEmpty();
            });
    return found.get(0);
  }

  /** Those of DICM. */
  private List<ApplicationReport> applications() throws Exception {
    return yarn.getApplications(Set.of("DICM"));
  }

  private Map<String, Integer> names() throws Exception {
    Map<String, Integer> names = new TreeMap<>();
    applications().forEach(report -> names.merge(report.getName(), 1, Integer::sum));
    return names;
  }

  /** The tag of an application that begins so. */
  private static String tag(ApplicationReport application, String prefix) {
    return application.getApplicationTags().stream()
        .filter(tag -> tag.startsWith(prefix))
        .findFirst()
        .orElseThrow();
  }

  /** The running launcher of an action. */
  private ApplicationReport launcherOf(String action) throws Exception {
    return yarn.getApplications().stream()
        .filter(report -> report.getYarnApplicationState() == YarnApplicationState.RUNNING)
        .filter(report -> report.getName().contains(":A=" + action + ":"))
        .findFirst()
        .orElseThrow();
  }

  private void killProcessOf(ApplicationReport application) {
    String container =
        application.getApplicationId().toString().replace("application", "container");
    ProcessHandle.allProcesses()
        .filter(process -> process.info().command().orElse("").endsWith("java"))
        .filter(process -> process.info().commandLine().orElse("").contains(container))
        .filter(process -> process.info().commandLine().orElse("").contains("LauncherAM"))
        .findFirst()
        .orElseThrow()
        .destroyForcibly();
  }

  /** As a site has it: a partition and a mark for each day, and a mark for the day's pictures. */
  private void partitionTheLogByDay() throws IOException {
    org.apache.hadoop.fs.Path log = hdfs(INPUT + "/impressions.csv");
    Map<String, StringBuilder> days = new TreeMap<>();
    List<String> lines;
    try (var in = fs.open(log)) {
      lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    int moment = List.of(lines.get(0).split(",", -1)).indexOf("ts");
    for (String line : lines.subList(1, lines.size())) {
      long seconds = Long.parseLong(List.of(line.split(",", -1)).get(moment));
      days.computeIfAbsent(
              Instant.ofEpochSecond(seconds).toString().substring(0, 10),
              day -> new StringBuilder(lines.get(0)).append('\n'))
          .append(line)
          .append('\n');
    }
    fs.delete(log, false);
    for (Map.Entry<String, StringBuilder> day : days.entrySet()) {
      String partition = "/dt=" + day.getKey();
      write(INPUT + "/impressions" + partition + "/part-0.csv", day.getValue().toString());
      write(INPUT + "/impressions" + partition + "/_SUCCESS", "");
      write(INPUT + "/images/_ready" + partition + "/_SUCCESS", "");
    }
  }

  private void write(String file, String text) throws IOException {
    try (var out = fs.create(hdfs(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private Map<?, ?> json(String file) {
    return new JsonFiles(conf)
        .read(hdfs(WORKSPACE + "/" + file), Map.class, ErrorCode.INPUT_MISSING);
  }

  private static org.apache.hadoop.fs.Path hdfs(String path) {
    return new org.apache.hadoop.fs.Path(path);
  }
}
