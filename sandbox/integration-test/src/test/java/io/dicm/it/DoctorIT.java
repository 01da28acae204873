package io.dicm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.error.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@code doctor} and {@code plan} on real HDFS, YARN and Hive, well and with things broken. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoctorIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String INPUT = "/shop/input";
  private static final String WORKSPACE = "/shop/workspace";

  private final Path home = Path.of(System.getProperty("dicm.home"));
  private final SandboxUnderTest sandbox =
      SandboxUnderTest.withSmallJobs(home, Path.of("target", "sandbox-doctor").toAbsolutePath());
  private Configuration conf;
  private FileSystem fs;

  @BeforeAll
  void startSandbox() throws Exception {
    sandbox.start();
    conf = sandbox.configuration();
    fs = FileSystem.get(conf);
    CommandResult imported =
        sandbox.dicm(
            LIMIT,
            "import",
            "generated",
            "--to",
            INPUT,
            "--items",
            "12",
            "--users",
            "20",
            "--impressions",
            "200",
            "--seed",
            "5");
    assertThat(imported.exitStatus()).as(imported.errors()).isZero();
  }

  @AfterAll
  void stopSandbox() throws Exception {
    fs.close();
    sandbox.close();
  }

  @Test
  void aFitClusterIsFitAndItsNodesToo() throws Exception {
    CommandResult result =
        sandbox.dicm(
            LIMIT,
            "doctor",
            "--input",
            INPUT,
            "--workspace",
            WORKSPACE,
            "--nodes",
            "--output",
            "properties");

    assertThat(result.exitStatus()).as(result.output() + result.errors()).isZero();
    Map<String, String> values = result.properties();
    assertThat(values)
        .containsEntry("level", "ok")
        .containsEntry("safe_mode", "ok off")
        .containsKeys("settings", "cluster", "containers", "gang", "staging", "tokens")
        .containsKeys("gpus", "gpu_build", "gpu_software");
    assertThat(values.get("queue")).contains("'default' is running", "you may submit");
    assertThat(values.get("workspace")).contains("can be made in");
    assertThat(values.get("hive")).contains("jdbc:hive2://", "answers");
    assertThat(values.entrySet().stream().filter(entry -> entry.getKey().startsWith("node_")))
        .isNotEmpty()
        .allSatisfy(
            entry ->
                assertThat(entry.getValue())
                    .contains("ok Java " + System.getProperty("java.version"), "glibc 2."));
    assertThat(fs.exists(new org.apache.hadoop.fs.Path(WORKSPACE))).isFalse();
    assertNothingRuns();
  }

  private void assertNothingRuns() throws Exception {
    YarnClient yarn = YarnClient.createYarnClient();
    yarn.init(conf);
    yarn.start();
    try {
      assertThat(yarn.getApplications())
          .isNotEmpty()
          .extracting(ApplicationReport::getFinalApplicationStatus)
          .containsOnly(FinalApplicationStatus.SUCCEEDED);
    } finally {
      yarn.stop();
    }
    assertThat(sandbox.containers()).isEmpty();
  }

  @Test
  void whatIsBrokenIsToldAndTheRestLookedAt() throws Exception {
    fs.create(new org.apache.hadoop.fs.Path("/file")).close();

    CommandResult result =
        sandbox.dicm(
            LIMIT,
            "doctor",
            "-D",
            "dicm.yarn.queue=fast",
            "-D",
            "dicm.hive.jdbc-url=jdbc:hive2://127.0.0.1:1/",
            "-D",
            "dicm.extract.gpus=1",
            "--input",
            "/no/such/input",
            "--workspace",
            "/file/workspace",
            "--output",
            "properties");

    assertThat(result.exitStatus()).as(result.errors()).isEqualTo(ExitCode.CONFIGURATION.status());
    Map<String, String> values = result.properties();
    assertThat(values)
        .containsEntry("level", "FAILED")
        .containsEntry("queue", "FAILED there is no queue 'fast'")
        .containsEntry("input", "FAILED /no/such/input is not there")
        .containsKeys("settings", "cluster", "staging", "tokens");
    assertThat(values.get("containers")).startsWith("FAILED ").contains("1 GPUs", "of 0");
    assertThat(values.get("workspace")).startsWith("FAILED ").contains("is a file");
    assertThat(values.get("hive")).startsWith("FAILED ").contains("127.0.0.1:1");
    assertThat(values.get("cluster")).startsWith("ok ");
    assertThat(result.errors()).contains("things are not fit for a run, first of them: containers");
  }

  @Test
  void aPlanIsComparedWithTheClusterAsTheSubmissionIs() throws Exception {
    String pipeline = home.resolve("docs/examples/shop.json").toString();
    CommandResult accepted = sandbox.dicm(LIMIT, "plan", pipeline, "--output", "properties");

    assertThat(accepted.exitStatus()).as(accepted.errors()).isZero();
    assertThat(accepted.properties())
        .containsEntry("accepted", "true")
        .containsEntry("train.server.count", "2")
        .containsEntry("queue", "default")
        .containsKeys("cluster.memory_mb", "cluster.largest_container_mb", "extract.images");

    List<String> tooMany = List.of(pipeline, "-D", "dicm.train.servers=60");
    CommandResult refused = sandbox.startDicm(with("plan", tooMany)).await(LIMIT);
    CommandResult submitted = sandbox.startDicm(with("pipeline", tooMany)).await(LIMIT);

    assertThat(refused.exitStatus()).isEqualTo(ExitCode.NO_RESOURCES.status());
    assertThat(submitted.exitStatus()).isEqualTo(ExitCode.NO_RESOURCES.status());
    assertThat(refused.output()).contains("The submission would be refused:");
    assertThat(lastLine(refused)).isEqualTo(lastLine(submitted)).contains("60 servers of 1536 MiB");
  }

  private static List<String> with(String command, List<String> arguments) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(arguments);
    return all;
  }

  private static String lastLine(CommandResult result) {
    return result.errors().lines().reduce("", (first, second) -> second);
  }
}
