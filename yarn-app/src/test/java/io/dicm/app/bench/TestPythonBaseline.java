package io.dicm.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dicm.app.bench.PythonBaseline.Program;
import io.dicm.app.bench.PythonBaseline.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** With a shell in Python's place, so that it needs none; the programs themselves where one is. */
class TestPythonBaseline {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void rowsAreLinesOfJson() throws Exception {
    Result result =
        run(
            """
            echo 'a library greets'
            echo "{\\"variant\\": \\"eager\\", \\"samples_per_second\\": 1234.5, \\"asked\\": \\"$1\\"}"
            echo '{"variant": "compile", "error": "no compiler"}'
            """,
            "--batch");

    assertThat(result.unavailable()).isEmpty();
    assertThat(result.rows())
        .extracting(row -> row.path("variant").asText())
        .containsExactly("eager", "compile");
    JsonNode eager = result.rows().get(0);
    assertThat(eager.path("samples_per_second").asDouble()).isEqualTo(1234.5);
    assertThat(eager.path("asked").asText()).isEqualTo("--batch");
  }

  @Test
  void withoutPythonOrPyTorchTheResultSaysSo() throws Exception {
    assertThat(run("echo '{\"unavailable\": \"PyTorch is not installed here\"}'"))
        .isEqualTo(new Result(List.of(), PythonBaseline.NOT_INSTALLED));
    String none = folder.resolve("none").toString();
    assertThat(
            PythonBaseline.of(Map.of("DICM_PYTHON", none), DEADLINE, folder)
                .run(Program.VGG16, List.of()))
        .isEqualTo(new Result(List.of(), PythonBaseline.NOT_INSTALLED));
  }

  @Test
  void aProgramThatFailsLeavesTheRowsBefore() throws Exception {
    Result result = run("echo '{\"variant\": \"eager\"}'; echo '{\"var'; exit 7");

    assertThat(result.rows()).hasSize(1);
    assertThat(result.unavailable()).isEqualTo("The PyTorch program ended with status 7");
  }

  @Test
  void aProgramHasADeadline() throws Exception {
    Path script =
        script(
            "echo '{\"variant\": \"eager\"}'; echo $$ > "
                + folder
                + "/pid; exec tail -f /dev/null");

    Result result =
        new PythonBaseline(shell(), Duration.ofSeconds(3), folder).run(script, List.of());

    assertThat(result.unavailable()).isEqualTo("The PyTorch program did not end within 3 s");
    assertThat(result.rows()).hasSize(1);
    long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Program.class)
  void theProgramsSayWhetherTheyCanMeasure(Program program) throws Exception {
    requirePython();
    PythonBaseline python = PythonBaseline.of(System.getenv(), DEADLINE, folder);

    Result refused = python.run(program, List.of("--variants", "jit"));
    assertThat(refused.unavailable()).isEqualTo("The PyTorch program ended with status 2");
    if (python("-c", "import torch") != 0) {
      assertThat(python.run(program, List.of()).unavailable())
          .isEqualTo(PythonBaseline.NOT_INSTALLED);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dicm_step.py, --images 1, needed 2 or more: one ad and behaviours",
    "dicm_step.py, --unique 5, needed fewer than --unique 5",
    "dicm_step.py, --batch 0, 'was 0, needed 1 or more'",
    "vgg16.py, --batch-sizes 32;64, needed whole numbers from 1 on",
    "vgg16.py, --precision int8, invalid choice: 'int8'"
  })
  void wrongArgumentsAreRefused(String name, String arguments, String message) throws Exception {
    requirePython();
    Program program = name.equals("vgg16.py") ? Program.VGG16 : Program.DICM_STEP;
    Path said = folder.resolve("said");
    List<String> command = new ArrayList<>(List.of("python3", program.copyTo(folder).toString()));
    command.addAll(List.of(arguments.split(" ", -1)));

    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(Files.readString(said)).contains(message);
  }

  private static void requirePython() throws InterruptedException {
    boolean found;
    try {
      found = python("--version") == 0;
    } catch (IOException e) {
      found = false;
    }
    assumeTrue(found, "there is no python3");
  }

  private static int python(String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = "python3";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private Result run(String program, String... arguments) throws Exception {
    return new PythonBaseline(shell(), DEADLINE, folder).run(script(program), List.of(arguments));
  }

  private Path script(String program) throws IOException {
    return Files.writeString(folder.resolve("program"), program, StandardCharsets.UTF_8);
  }

  /** A shell that takes Python's {@code -u}: there it means that unset variables are errors. */
  private static String shell() {
    return "/bin/sh";
  }
}
