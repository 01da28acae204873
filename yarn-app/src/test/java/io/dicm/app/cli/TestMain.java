package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.error.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestMain {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

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
