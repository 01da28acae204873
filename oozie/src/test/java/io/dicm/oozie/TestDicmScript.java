package io.dicm.oozie;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the script as Oozie does, with commands that tell how they were called. */
class TestDicmScript {
  @TempDir Path folder;

  private record Outcome(int exitCode, String stdout, String stderr) {}

  @BeforeEach
  void makeCommands() throws IOException {
    Files.createDirectory(folder.resolve("bin"));
    // Ends with each of the codes in turn, then with 0.
    command(
        "yarn",
        """
        #!/bin/sh
        printf '%s\\n' "$@" > called
        echo "$1 $3" >> calls
        code="$(head -n 1 codes)"
        sed -i 1d codes
        echo gauc=0.7
        echo "progress" >&2
        test -z "$code" || echo "INPUT_MISSING: Cannot read \\"x\\": code $code." >&2
        exit "${code:-0}"
        """);
    command("hadoop", "#!/bin/sh\necho \"$*\" >> hadoop-calls\n");
    exitCodes();
  }

  private void command(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve("bin").resolve(name), text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void callsYarnJarWithAPipelineFile() throws Exception {
    Outcome outcome = run("pipeline", "extract,samples", "-D", "a.b=c d");

    assertThat(outcome).isEqualTo(new Outcome(0, "gauc=0.7\n", "progress\n"));
    assertThat(Files.readAllLines(folder.resolve("called")))
        .containsExactly(
            "jar",
            "dicm.jar",
            "pipeline",
            "file://" + folder.toRealPath() + "/pipeline.json",
            "--output",
            "properties",
            "--key",
            "auto",
            "-D",
            "a.b=c d");
    assertThat(folder.resolve("hadoop-calls")).doesNotExist();
  }

  @Test
  void doctorHasNoKey() throws Exception {
    assertThat(run("doctor", "extract").exitCode()).isZero();

    assertThat(Files.readAllLines(folder.resolve("called")))
        .containsExactly(
            "jar",
            "dicm.jar",
            "doctor",
            "file://" + folder.toRealPath() + "/pipeline.json",
            "--output",
            "properties");
  }

  @Test
  void pipelineFileIsJsonWhateverThePathsAre() throws Exception {
    script(
        "pipeline",
        "publish,register",
        "/in \"quoted\" \\ path",
        "/work",
        "2026-01-02",
        "daily-2026-01-02");

    JsonNode pipeline =
        new JsonMapper().readTree(Files.readString(folder.resolve("pipeline.json")));
    assertThat(pipeline.path("name").asText()).isEqualTo("dicm-2026-01-02-daily-2026-01-02");
    assertThat(pipeline.path("input").asText()).isEqualTo("/in \"quoted\" \\ path");
    assertThat(pipeline.path("workspace").asText()).isEqualTo("/work");
    assertThat(pipeline.path("date").asText()).isEqualTo("2026-01-02");
    assertThat(pipeline.path("run").asText()).isEqualTo("daily-2026-01-02");
    assertThat(pipeline.path("stages").toString()).isEqualTo("[\"publish\",\"register\"]");
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "4", "7", "8", "11"})
  void whatWouldFailAgainIsNotTriedAgain(String code) throws Exception {
    exitCodes(code);

    Outcome outcome = run("pipeline", "train");

    assertThat(outcome.exitCode()).isEqualTo(Integer.parseInt(code));
    assertThat(outcome.stderr()).contains("INPUT_MISSING: Cannot read \"x\": code " + code + ".");
    assertThat(Files.readAllLines(folder.resolve("calls"))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"5", "6", "9", "10"})
  void whatFailsForTheEnvironmentsSakeIsTriedAgain(String code) throws Exception {
    exitCodes(code, code);

    Outcome outcome = run("pipeline", "train");

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.stderr()).contains("Exit code " + code + ": trying again in 0 s, 2 of 2.");
    assertThat(Files.readAllLines(folder.resolve("calls"))).hasSize(3);
    assertThat(folder.resolve("hadoop-calls")).doesNotExist();
  }

  @Test
  void triesEndWithTheLastExitCode() throws Exception {
    exitCodes("5", "9", "6");

    assertThat(run("pipeline", "train").exitCode()).isEqualTo(6);
    assertThat(Files.readAllLines(folder.resolve("calls"))).hasSize(3);
  }

  @Test
  void sentenceOfAFailureIsKeptAndReadBack() throws Exception {
    exitCodes("8");

    run("pipeline", "train");

    assertThat(Files.readString(folder.resolve("sentence")))
        .isEqualTo("INPUT_MISSING: Cannot read \"x\": code 8.\n");
    assertThat(Files.readAllLines(folder.resolve("hadoop-calls")))
        .containsExactly(
            "fs -mkdir -p hdfs://nn/user/me/.dicm-oozie/wf-1",
            "fs -put -f sentence hdfs://nn/user/me/.dicm-oozie/wf-1/sentence");
    Files.writeString(folder.resolve("sentence"), "A: C:\\x, \"y\"\n");
    Outcome reason = execute(List.of(ApplicationFolder.file("reason.sh").toString()));
    Properties captured = new Properties();
    captured.load(new StringReader(reason.stdout()));
    assertThat(captured).containsOnly(Map.entry("sentence", "A: C:/x, \"y\""));
  }

  @Test
  void missingArgumentsAreAUsageError() throws Exception {
    assertThat(script("pipeline", "train", "/in", "/work", "2026-01-02"))
        .isEqualTo(
            new Outcome(
                2,
                "",
                "USAGE: Cannot run dicm.sh: given were 5 arguments, needed COMMAND STAGES INPUT"
                    + " WORKSPACE DATE RUN.\n"));
  }

  private void exitCodes(String... codes) throws IOException {
    Files.write(folder.resolve("codes"), List.of(codes));
  }

  private Outcome run(String command, String stages, String... options)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(command, stages, "hdfs://nn/in", "hdfs://nn/work", "2026-01-02", "daily"));
    arguments.addAll(List.of(options));
    return script(arguments.toArray(String[]::new));
  }

  private Outcome script(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ApplicationFolder.file("dicm.sh").toString());
    command.addAll(List.of(arguments));
    return execute(command);
  }

  private Outcome execute(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("HADOOP_BIN", folder.resolve("bin").toString());
    builder.environment().put("DICM_RETRY_SECONDS", "0");
    builder.environment().put("DICM_SENTENCE", "hdfs://nn/user/me/.dicm-oozie/wf-1/sentence");
    Path stdout = folder.resolve("stdout");
    Path stderr = folder.resolve("stderr");
    builder.redirectOutput(stdout.toFile()).redirectError(stderr.toFile());
    Process process = builder.start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Outcome(process.exitValue(), Files.readString(stdout), Files.readString(stderr));
  }
}
