package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestMain {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @ParameterizedTest
  @CsvSource({"-files, nosuch", "-libjars, nosuch.jar", "-conf, nosuch.xml"})
  void genericOptionThatCannotBeUsedIsOneSentence(String option, String value) {
    assertThat(run("demo", option, value, "--check")).isEqualTo(ExitCode.CONFIGURATION.status());
    assertThat(text(err))
        .startsWith("CONFIGURATION_INVALID: Cannot use ")
        .contains(value)
        .hasLineCount(1);
  }

  @Test
  void configurationFileThatIsNoXmlIsOneSentence(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("site.xml"), "oops");

    assertThat(run("demo", "-conf", file.toString(), "--check"))
        .isEqualTo(ExitCode.CONFIGURATION.status());
    assertThat(text(err)).startsWith("CONFIGURATION_INVALID: Cannot use the generic options");
  }

  @Test
  void pathThatIsNoneIsWrongUsage() {
    assertThat(run("import", "generated", "--to", "shop:input")).isEqualTo(ExitCode.USAGE.status());
    assertThat(text(err)).startsWith("USAGE: Cannot use 'shop:input' as a path");
  }

  @Test
  void demosArgumentsCanBeCheckedAlone() {
    assertThat(run("demo", "--check")).isZero();
    assertThat(run("demo", "--check", "--typo")).isEqualTo(ExitCode.USAGE.status());
    assertThat(run("demo", "--check", "now")).isEqualTo(ExitCode.USAGE.status());
    assertThat(run("demo", "--check", "-D", "dicm.train.epoch=1"))
        .isEqualTo(ExitCode.CONFIGURATION.status());
    assertThat(text(out)).isEmpty();
  }

  @Test
  void planTellsWhatAnExtractionWouldDo(@TempDir Path folder) throws Exception {
    Path images = Files.createDirectories(folder.resolve("input/images/shoes"));
    Files.writeString(images.resolve("1.jpg"), "not looked at");
    Files.writeString(images.resolve("2.jpg"), "not looked at");

    String[] command = {
      "plan",
      "extract",
      "--input",
      folder.resolve("input").toUri().toString(),
      "--workspace",
      folder.resolve("workspace").toUri().toString(),
      "-D",
      "dicm.train.servers=2",
      "--output",
      "json"
    };

    assertThat(run(command)).as(text(err)).isZero();
    assertThat(text(out))
        .contains("\"images\":\"2\"", "\"new_images\":\"2\"", "\"map_tasks\":\"2\"")
        .contains("\"vector_bytes\":\"32768\"", "\"server_1_bytes\":");
    assertThat(run("plan")).isEqualTo(ExitCode.USAGE.status());
    assertThat(run("plan", "train")).isEqualTo(ExitCode.USAGE.status());
    assertThat(run("plan", "extract")).isEqualTo(ExitCode.USAGE.status());
  }

  @ParameterizedTest
  @CsvSource({
    "list,--limit,0",
    "list,--limit,many",
    "list,--output,xml",
    "logs,--role,sever",
    "logs,--tail-bytes,0",
    "logs,--tail-bytes,-5",
    "status,--output,xml"
  })
  void wrongValuesOfClientOptionsAreUsage(String command, String option, String value) {
    String[] line =
        command.equals("list")
            ? new String[] {command, option, value}
            : new String[] {command, "application_1700000000000_0001", option, value};

    assertThat(run(line)).isEqualTo(ExitCode.USAGE.status());
    assertThat(text(err)).startsWith("USAGE: " + option + " was '" + value + "', ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "logs", "kill", "rerun"})
  void applicationIsNamedByItsId(String command) {
    assertThat(run(command)).isEqualTo(ExitCode.USAGE.status());
    assertThat(text(err)).startsWith("USAGE: " + command + " needs one application id.");
    err.reset();
    assertThat(run(command, "job_1_1")).isEqualTo(ExitCode.USAGE.status());
    assertThat(text(err)).startsWith("USAGE: 'job_1_1' is no application id");
  }

  @Test
  void submissionThatIsForgottenIsNotRunAgain() {
    assertThat(run("rerun", "application_1600000000000_0001"))
        .isEqualTo(ExitCode.BAD_DATA.status());
    assertThat(text(err))
        .startsWith(
            "INPUT_MISSING: Cannot run application_1600000000000_0001 again: what it asked for is not in ")
        .hasLineCount(1);
  }

  private int run(String... arguments) {
    return Main.run(
        arguments,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
