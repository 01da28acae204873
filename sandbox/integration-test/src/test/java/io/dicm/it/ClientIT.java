package io.dicm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dicm.common.error.ErrorCode;
import io.dicm.common.error.ExitCode;
import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.ApplicationTimeoutType;
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
 * What the command line does with applications on a real cluster: refuses what cannot run before
 * anything is started, submits, finds, follows, shows and ends. The tests share one application.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClientIT {
  private static final Duration COMMAND_LIMIT = Duration.ofMinutes(2);
  private static final Duration TRAINING_LIMIT = Duration.ofMinutes(5);
  private static final String INPUT = "/client/input";
  private static final String WORKSPACE = "/client/workspace";
  private static final String PIPELINE = "/client/pipeline.json";

  private final SandboxUnderTest sandbox =
      SandboxUnderTest.withSmallJobs(
          Path.of(System.getProperty("dicm.home")),
          Path.of("target", "sandbox-client").toAbsolutePath());
  private final YarnClient yarn = YarnClient.createYarnClient();
  private Configuration conf;
  private String application;

  @BeforeAll
  void startSandbox() throws Exception {
    // The simulated GPUs are counted as YARN counts those of nodes that do not isolate them.
    sandbox.start("--no-hive", "--gpus", "2");
    conf = sandbox.configuration();
    yarn.init(new YarnConfiguration(conf));
    yarn.start();
    List<String> size = List.of("--items", "10", "--users", "20", "--impressions", "300");
    List<String> arguments = new ArrayList<>(List.of("import", "generated", "--to", INPUT));
    arguments.addAll(size);
    CommandResult imported = sandbox.startDicm(arguments).await(COMMAND_LIMIT);
    assertThat(imported.exitStatus()).as(imported.errors()).isZero();
    new JsonFiles(conf)
        .write(
            new org.apache.hadoop.fs.Path(PIPELINE),
            Map.of(
                "name",
                "long training",
                "input",
                INPUT,
                "workspace",
                WORKSPACE,
                "date",
                "2026-01-31",
                "run",
                "client",
                "stages",
                List.of("extract", "samples", "train"),
                "properties",
                Map.of(
                    "dicm.train.epochs", "1000",
                    "dicm.train.batch-size", "4",
                    "dicm.yarn.worker.gpus", "1",
                    "dicm.yarn.jdk-archive", jdkArchive(),
                    "dicm.yarn.java-home", "jdk-of-archive")));
  }

  /** As for nodes with an older Java: an archive, whose {@code bin/java} runs this one. */
  private String jdkArchive() throws Exception {
    Path folder = Path.of("target", "client-jdk").toAbsolutePath();
    Path java = Files.createDirectories(folder.resolve("jdk-of-archive/bin")).resolve("java");
    Files.writeString(
        java, "#!/bin/sh\nexec '" + System.getProperty("java.home") + "/bin/java' \"$@\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Path archive = folder.resolve("jdk.tar.gz");
    CommandResult packed =
        CommandProcess.start(
                List.of(
                    "tar", "-czf", archive.toString(), "-C", folder.toString(), "jdk-of-archive"),
                Map.of(),
                folder)
            .await(COMMAND_LIMIT);
    assertThat(packed.exitStatus()).as(packed.errors()).isZero();
    var place = new org.apache.hadoop.fs.Path("/it/jdk.tar.gz");
    try (FileSystem fs = FileSystem.newInstance(conf)) {
      fs.copyFromLocalFile(new org.apache.hadoop.fs.Path(archive.toUri()), place);
    }
    return place.toString();
  }

  @AfterAll
  void stopSandbox() throws Exception {
    yarn.stop();
    sandbox.close();
  }

  @Test
  @Order(1)
  void whatCannotRunIsRefusedBeforeAnythingIsStarted() throws Exception {
    assertRefused(
        pipeline("-D", "dicm.yarn.queue=defualt"),
        ExitCode.CONFIGURATION,
        "CONFIGURATION_INVALID: Cannot submit to queue 'defualt' (dicm.yarn.queue): there is no"
            + " such queue; was default meant?");
    assertRefused(
        pipeline("-D", "dicm.train.servers=60"),
        ExitCode.NO_RESOURCES,
        "NO_RESOURCES: Cannot submit: training asks for 60 servers of 1536 MiB, 2 workers of ");
    assertRefused(
        pipeline("-D", "dicm.yarn.worker.memory-mb=999999"),
        ExitCode.CONFIGURATION,
        "MEMORY_PLAN_TOO_LARGE: Cannot submit: dicm.yarn.worker.memory-mb asks for containers of"
            + " 999999 MiB, the cluster's largest are ");
    assertRefused(
        pipeline("-D", "dicm.yarn.worker.gpus=3"),
        ExitCode.CONFIGURATION,
        "MEMORY_PLAN_TOO_LARGE: Cannot submit: dicm.yarn.worker.gpus asks for containers of 3 GPUs"
            + " (yarn.io/gpu), the cluster's largest are of 2.");
    assertRefused(
        pipeline("-D", "dicm.yarn.server.node-label=gpu"),
        ExitCode.CONFIGURATION,
        "CONFIGURATION_INVALID: Cannot submit with dicm.yarn.server.node-label=gpu: the cluster has"
            + " no such node label.");
    // Another user, whom the name service does not know: the name is believed without Kerberos.
    assertRefused(
        sandbox
            .startDicm(Map.of("HADOOP_USER_NAME", "guest"), List.of("pipeline", PIPELINE))
            .await(COMMAND_LIMIT),
        ExitCode.ENVIRONMENT,
        "STORAGE_FAILED: Cannot write to ");
    assertThat(yarn.getApplications()).isEmpty();
  }

  @Test
  @Order(2)
  void submissionReturnsAtOnceWithTheId() throws Exception {
    Path action =
        Files.writeString(
            Path.of("target", "action.xml").toAbsolutePath(),
            "<configuration><property><name>oozie.child.mapreduce.job.tags</name>"
                + "<value>oozie-0f2ab</value></property></configuration>");

    CommandResult result =
        sandbox
            .startDicm(
                Map.of("OOZIE_ACTION_CONF_XML", action.toString()),
                List.of(
                    "pipeline",
                    "--detach",
                    "--key",
                    "Nightly",
                    "--output",
                    "properties",
                    PIPELINE,
                    "-D",
                    "dicm.yarn.priority=3",
                    "-D",
                    "dicm.yarn.lifetime-seconds=3600"))
            .await(COMMAND_LIMIT);

    assertThat(result.exitStatus()).as(result.errors()).isZero();
    application = result.properties().get("application_id");
    ApplicationReport report = yarn.getApplicationReport(ApplicationId.fromString(application));
    assertThat(report.getApplicationType()).isEqualTo("DICM");
    assertThat(report.getApplicationTags())
        .containsExactlyInAnyOrder("oozie-0f2ab", "dicm_key_nightly");
    assertThat(
            report.getApplicationTimeouts().get(ApplicationTimeoutType.LIFETIME).getRemainingTime())
        .isBetween(1L, 3600L);
  }

  @Test
  @Order(3)
  void sameKeyFollowsTheSameApplication() throws Exception {
    CommandResult result = pipeline("--detach", "--key", "Nightly", "--output", "properties");

    assertThat(result.exitStatus()).as(result.errors()).isZero();
    assertThat(result.properties()).containsEntry("application_id", application);
    assertThat(result.errors()).contains("Nothing submitted: " + application);
  }

  @Test
  @Order(4)
  void listAndStatusShowIt() throws Exception {
    CommandResult list = sandbox.dicm(COMMAND_LIMIT, "list", "--live", "--output", "properties");
    CommandResult status = sandbox.dicm(COMMAND_LIMIT, "status", application, "--output", "json");

    assertThat(list.properties())
        .containsEntry("applications", "1")
        .containsEntry("0.application_id", application)
        .containsEntry("0.name", "long training");
    assertThat(status.exitStatus()).as(status.errors()).isZero();
    assertThat(status.output()).startsWith("{\"application_id\":\"" + application + "\"");
  }

  @Test
  @Order(5)
  void logsOfARunningApplicationAreReadByRole() throws Exception {
    await()
        .atMost(TRAINING_LIMIT)
        .until(
            () ->
                (sandbox.member("worker 1").isPresent() && sandbox.member("server 1").isPresent())
                    || hasEnded());

    CommandResult servers =
        sandbox.dicm(COMMAND_LIMIT, "logs", application, "--role", "server", "--file", "dicm.log");
    CommandResult master =
        sandbox.dicm(COMMAND_LIMIT, "logs", application, "--role", "master", "--tail-bytes", "100");

    assertThat(servers.exitStatus()).as(servers.errors()).isZero();
    assertThat(servers.output())
        .contains("== server 0, container_", "== server 1, container_", "LogType:dicm.log")
        .doesNotContain("== worker", "== master", "LogType:stdout");
    assertThat(master.exitStatus()).as(master.errors()).isZero();
    assertThat(master.output()).contains("== master, container_");
    assertThat(master.output().length()).isLessThan(4000);
    assertThat(jobs())
        .as("MapReduce jobs")
        .isNotEmpty()
        .allSatisfy(
            job ->
                assertThat(job.getApplicationTags())
                    .contains("oozie-0f2ab")
                    .doesNotContain("dicm_key_nightly"));
  }

  @Test
  @Order(5)
  void rolesRunOnTheJavaOfTheArchive() throws Exception {
    await()
        .atMost(TRAINING_LIMIT)
        .until(() -> sandbox.member("worker 1").isPresent() || hasEnded());
    assertThat(environment("worker 1"))
        .containsPattern("JAVA_HOME=/[^\u0000]*/container_[^\u0000]*/jdk/jdk-of-archive\u0000");
  }

  @Test
  @Order(5)
  void rolesSeeTheGpusThatTheyAskedFor() throws Exception {
    await()
        .atMost(TRAINING_LIMIT)
        .until(
            () ->
                List.of("worker 0", "worker 1", "server 0").stream()
                        .allMatch(role -> sandbox.member(role).isPresent())
                    || hasEnded());

    List<String> given = new ArrayList<>();
    for (String role : List.of("worker 0", "worker 1")) {
      Matcher devices =
          Pattern.compile("\u0000DICM_GPU_DEVICES=([^\u0000]*)\u0000").matcher(environment(role));
      assertThat(devices.find()).as(role).isTrue();
      given.add(devices.group(1));
      // Real devices of this machine, if not more than one, count as isolated by its node.
      if (!Files.exists(Path.of("/dev/nvidia0"))) {
        assertThat(environment(role))
            .contains("\u0000CUDA_VISIBLE_DEVICES=" + devices.group(1) + "\u0000");
      }
    }
    assertThat(given).containsExactlyInAnyOrder("0", "1");
    assertThat(environment("server 0"))
        .contains("\u0000CUDA_VISIBLE_DEVICES=\u0000")
        .doesNotContain("DICM_GPU_DEVICES");
    CommandResult status =
        sandbox.dicm(COMMAND_LIMIT, "status", application, "--output", "properties");
    assertThat(status.properties()).containsEntry("gpus", "2");
  }

  /** Variables of a role's process, a NUL before and after each. */
  private String environment(String role) throws IOException {
    long pid = sandbox.member(role).orElseThrow().pid();
    return "\u0000" + Files.readString(Path.of("/proc/" + pid + "/environ"));
  }

  @Test
  @Order(5)
  void pageIsSeenThroughTheProxyAlone() throws Exception {
    String proxy =
        "http://" + conf.get("yarn.resourcemanager.webapp.address") + "/proxy/" + application;
    HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    HttpResponse<String> page = client.send(request(proxy + "/"), BodyHandlers.ofString());
    HttpResponse<String> metrics =
        client.send(request(proxy + "/metrics"), BodyHandlers.ofString());
    ApplicationReport report = yarn.getApplicationReport(ApplicationId.fromString(application));
    String stranger = askFrom("127.0.0.2", URI.create(report.getOriginalTrackingUrl()));

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("long training", "train");
    assertThat(metrics.body()).contains("# TYPE dicm_");
    assertThat(stranger)
        .startsWith("HTTP/1.1 302")
        .contains("/proxy/" + application)
        .doesNotContain("long training");
  }

  private static HttpRequest request(String url) {
    return HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30)).build();
  }

  /** What another machine's address is answered. */
  private static String askFrom(String address, URI page) throws IOException {
    try (Socket socket =
        new Socket(page.getHost(), page.getPort(), InetAddress.getByName(address), 0)) {
      socket.setSoTimeout(30_000);
      String ask =
          "GET / HTTP/1.1\r\nHost: " + page.getAuthority() + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(ask.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  @Order(6)
  void runningApplicationIsNotRunAgain() throws Exception {
    assertRefused(
        sandbox.dicm(COMMAND_LIMIT, "rerun", application, "--detach"),
        ExitCode.CONFIGURATION,
        ErrorCode.OUTPUT_EXISTS + ": Cannot run " + application + " again: it has not ended.");
  }

  @Test
  @Order(7)
  void killEndsAllOfIt() throws Exception {
    CommandResult result = sandbox.dicm(COMMAND_LIMIT, "kill", application);

    assertThat(result.exitStatus()).as(result.errors()).isZero();
    await().atMost(Duration.ofSeconds(60)).until(() -> sandbox.containers().isEmpty());
  }

  @Test
  @Order(8)
  void logsAfterTheEndAreReadByRole() throws Exception {
    List<CommandResult> results = new ArrayList<>();
    await()
        .atMost(COMMAND_LIMIT)
        .until(
            () -> {
              CommandResult logs =
                  sandbox.dicm(COMMAND_LIMIT, "logs", application, "--role", "worker");
              results.add(logs);
              return logs.exitStatus() == 0;
            });

    assertThat(results.get(results.size() - 1).output())
        .contains(
            "== worker 0, container_", "== worker 1, container_", "LogType:dicm.log", " INFO ")
        .doesNotContain("== server", "== master");
  }

  @Test
  @Order(9)
  void endedApplicationIsRunAgain() throws Exception {
    CommandResult result =
        sandbox.dicm(COMMAND_LIMIT, "rerun", application, "--detach", "--output", "properties");

    assertThat(result.exitStatus()).as(result.errors()).isZero();
    assertThat(result.properties())
        .containsEntry("date", "2026-01-31")
        .containsEntry("run", "client");
    ApplicationId again = ApplicationId.fromString(result.properties().get("application_id"));
    assertThat(again).isNotEqualTo(ApplicationId.fromString(application));
    assertThat(yarn.getApplicationReport(again))
        .satisfies(
            report -> {
              assertThat(report.getName()).isEqualTo("long training");
              assertThat(report.getApplicationTags()).containsExactly("dicm_key_nightly");
            });
    yarn.killApplication(again);
  }

  private CommandResult pipeline(String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("pipeline", PIPELINE));
    arguments.addAll(List.of(options));
    return sandbox.startYarnJar(arguments).await(COMMAND_LIMIT);
  }

  private boolean hasEnded() throws Exception {
    return yarn.getApplicationReport(ApplicationId.fromString(application))
            .getYarnApplicationState()
            .compareTo(YarnApplicationState.RUNNING)
        > 0;
  }

  private List<ApplicationReport> jobs() throws Exception {
    return yarn.getApplications().stream()
        .filter(report -> report.getApplicationType().equals("MAPREDUCE"))
        .toList();
  }

  private static void assertRefused(CommandResult result, ExitCode code, String sentence) {
    assertThat(result.exitStatus()).as(result.errors()).isEqualTo(code.status());
    assertThat(result.errors()).contains(sentence).doesNotContain("\tat ");
    assertThat(result.output()).isEmpty();
  }
}
