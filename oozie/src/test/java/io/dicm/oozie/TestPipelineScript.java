package io.dicm.oozie;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the script as Oozie does, with a {@code yarn} that tells how it was called. */
class TestPipelineScript {
  @TempDir Path folder;

  private record Outcome(int exitCode, String stdout, String stderr) {}

  @BeforeEach
  void makeYarn() throws IOException {
    Path yarn = Files.createDirectory(folder.resolve("bin")).resolve("yarn");
    Files.writeString(
        yarn,
        """
        #!/bin/sh
        printf '%s\\n' "$@" > called
        echo auc=0.7
        exit ${YARN_EXIT:-0}
        """);
    assertThat(yarn.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void callsYarnJarWithAPipelineFile() throws Exception {
    Outcome outcome =
        run("0", "hdfs://nn/in", "hdfs://nn/work", "2026-01-02", "daily", "-D", "a.b=c d");

    assertThat(outcome).isEqualTo(new Outcome(0, "auc=0.7\n", ""));
    assertThat(Files.readAllLines(folder.resolve("called")))
        .containsExactly(
            "jar",
            "dicm.jar",
            "pipeline",
            "file://" + folder.toRealPath() + "/pipeline.json",
            "--key",
            "auto",
            "--output",
            "properties",
            "-D",
            "a.b=c d");
  }

  @Test
  void pipelineFileIsJsonWhateverThePathsAre() throws Exception {
    run("0", "/in \"quoted\" \\ path", "/work", "2026-01-02", "daily");

    JsonNode pipeline =
        new JsonMapper().readTree(Files.readString(folder.resolve("pipeline.json")));
    assertThat(pipeline.path("name").asText()).isEqualTo("dicm-2026-01-02-daily");
    assertThat(pipeline.path("input").asText()).isEqualTo("/in \"quoted\" \\ path");
    assertThat(pipeline.path("workspace").asText()).isEqualTo("/work");
    assertThat(pipeline.path("date").asText()).isEqualTo("2026-01-02");
    assertThat(pipeline.path("run").asText()).isEqualTo("daily");
  }

  @Test
  void exitCodeIsPassedOn() throws Exception {
    assertThat(run("8", "/in", "/work", "2026-01-02", "daily").exitCode()).isEqualTo(8);
  }

  @Test
  void missingArgumentsAreAUsageError() throws Exception {
    assertThat(run("0", "/in", "/work", "2026-01-02"))
        .isEqualTo(
            new Outcome(
                2,
                "",
                "USAGE: Cannot run pipeline.sh: given were 3 arguments, needed INPUT WORKSPACE"
                    + " DATE RUN.\n"));
  }

  private Outcome run(String yarnExit, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ApplicationFolder.file("pipeline.sh").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    builder.environment().put("YARN_EXIT", yarnExit);
    Path stdout = folder.resolve("stdout");
    Path stderr = folder.resolve("stderr");
    builder.redirectOutput(stdout.toFile()).redirectError(stderr.toFile());
    Process process = builder.start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Outcome(process.exitValue(), Files.readString(stdout), Files.readString(stderr));
  }
}
