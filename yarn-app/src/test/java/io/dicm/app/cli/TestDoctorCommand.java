package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dicm.app.doctor.Finding;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.error.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestDoctorCommand {
  private static final List<Finding> FINDINGS =
      List.of(
          Finding.ok("queue", "runs"),
          Finding.failed(ErrorCode.HIVE_FAILED, "Hive", "does not\nanswer", "Start it."),
          Finding.warning("quota of names", "95 of 100 used", "Ask for more."),
          Finding.ok("queue", "may be used"));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @Test
  void peopleGetOneLineForEachThing() {
    assertThat(FindingText.write(FINDINGS, OutputFormat.TEXT))
        .isEqualTo(
            """
            ok       queue           runs
            FAILED   Hive            does not answer  -> Start it.
            warning  quota of names  95 of 100 used  -> Ask for more.
            ok       queue           may be used
            """);
  }

  @Test
  void programsGetLevelsAndCodes() throws Exception {
    JsonNode json = new ObjectMapper().readTree(FindingText.write(FINDINGS, OutputFormat.JSON));

    assertThat(json.path("level").asText()).isEqualTo("FAILED");
    assertThat(json.path("findings").get(1).path("code").asText()).isEqualTo("HIVE_FAILED");
    assertThat(FindingText.write(FINDINGS, OutputFormat.PROPERTIES))
        .isEqualTo(
            """
            level=FAILED
            queue=ok runs
            hive=FAILED does not answer
            quota_of_names=warning 95 of 100 used
            queue_2=ok may be used
            """);
  }

  /** Nothing listens on port 1, so the resource manager is down. */
  @Test
  void whatDoesNotAnswerFailsAloneAndGivesTheExitCode() {
    int status =
        run(
            "-D",
            "yarn.resourcemanager.address=127.0.0.1:1",
            "--workspace",
            folder.toUri().toString());

    assertThat(status).isEqualTo(ExitCode.ENVIRONMENT.status());
    assertThat(text(out))
        .containsPattern("(?m)^ok +settings +[0-9]+ keys")
        .containsPattern("(?m)^FAILED +cluster +")
        .containsPattern("(?m)^FAILED +queue +")
        .containsPattern("(?m)^ok +workspace +file:" + folder + " can be written")
        .containsPattern("(?m)^ok +Hive +dicm.hive.jdbc-url is not set");
    assertThat(text(err)).contains("SERVICE_UNAVAILABLE: 2 of ", "first of them: cluster: ");
  }

  /** The same option as a run's; what it lacks is told by the settings, and of the build. */
  @Test
  void aRunOnGpusIsLookedAtBeforeItIsStarted() {
    run("-D", "yarn.resourcemanager.address=127.0.0.1:1", "--device", "worker=cuda");

    assertThat(text(out))
        .containsPattern(
            "(?m)^FAILED +settings +Cannot use dicm.yarn.worker.device=cuda with dicm.yarn.worker.gpus=0")
        .containsPattern("(?m)^(FAILED|ok) +GPU build +dicm.jar has libtorch for")
        .containsPattern("(?m)^(warning|ok) +GPU software +this host has ");
    assertThat(run("--device", "gpu")).isEqualTo(ExitCode.USAGE.status());
  }

  @Test
  void twoFilesAreTooMany() {
    assertThat(run("a.json", "b.json")).isEqualTo(ExitCode.USAGE.status());
  }

  private int run(String... arguments) {
    return Main.run(
        Stream.concat(Stream.of("doctor"), Stream.of(arguments)).toArray(String[]::new),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
