package io.dicm.common.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.ProjectDocs;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class TestErrorCodes {
  @Test
  void exitCodesPassThroughShells() {
    assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::status))
        .doesNotHaveDuplicates()
        .allMatch(status -> status >= 0 && status <= 125);
  }

  @Test
  void everyErrorFails() {
    assertThat(ErrorCode.values()).allMatch(code -> code.exitCode() != ExitCode.OK);
  }

  @Test
  void statusIsReadBack() {
    for (ExitCode code : ExitCode.values()) {
      assertThat(ExitCode.ofStatus(code.status())).isEqualTo(code);
    }
    assertThat(ExitCode.ofStatus(99)).isEqualTo(ExitCode.INTERNAL_ERROR);
  }

  @Test
  void theUserNeverPaysForADefect() {
    assertThat(ErrorCode.values())
        .filteredOn(code -> code.exitCode() == ExitCode.INTERNAL_ERROR)
        .allMatch(code -> code.category() == ErrorCategory.INTERNAL);
  }

  @Test
  void oneLineNamesTheCode() {
    DicmException error =
        new DicmException(ErrorCode.INPUT_MISSING, "Cannot read /in:\nthere is no such file.");

    assertThat(error.oneLine()).isEqualTo("INPUT_MISSING: Cannot read /in: there is no such file.");
  }

  @Test
  void operationsGuideHasEveryExitCode() throws IOException {
    List<String> lines = guide();
    for (ExitCode code : ExitCode.values()) {
      assertThat(lines)
          .as("exit code %s in docs/operations.md", code)
          .filteredOn(line -> line.startsWith("| " + code.status() + " | `" + code + "` | "))
          .hasSize(1);
    }
  }

  @Test
  void operationsGuideHasEveryErrorCode() throws IOException {
    List<String> lines = guide();
    for (ErrorCode code : ErrorCode.values()) {
      String row =
          String.format(
              "| `%s` | %s | %d | ",
              code, code.category().name().toLowerCase(Locale.ROOT), code.exitCode().status());
      assertThat(lines)
          .as("a row '%s...' in docs/operations.md", row)
          .filteredOn(line -> line.startsWith(row) && line.length() > row.length() + 10)
          .hasSize(1);
    }
  }

  private static List<String> guide() throws IOException {
    return Files.readAllLines(ProjectDocs.file("operations.md"));
  }
}
