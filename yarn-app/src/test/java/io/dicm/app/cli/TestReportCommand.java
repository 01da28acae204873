package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.error.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestReportCommand {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @BeforeEach
  void makeRun() throws IOException {
    Path metrics = folder.resolve("metrics/dt=2026-03-01/run=first/_metrics.json");
    Files.createDirectories(metrics.getParent());
    Files.writeString(metrics, "{\"auc\": 0.61234, \"impressions\": 100}");
  }

  @Test
  void makesThePageInTheWorkspaceAndPrintsWhereItIs() throws IOException {
    assertThat(run("--run", "first")).isZero();

    Path page = folder.resolve("reports/dt=2026-03-01/run=first/report.html");
    assertThat(text(out)).isEqualTo("file:" + page + "\n");
    assertThat(page).content().contains("Run <bdi>first</bdi>").contains("0.6123");
  }

  @Test
  void makesThePageWhereItIsWanted() throws IOException {
    Path page = folder.resolve("a page.html");

    assertThat(run("--run", "first", "--date", "2026-03-01", "--to", page.toString())).isZero();

    assertThat(page).content().contains("0.6123");
    assertThat(folder.resolve("reports")).doesNotExist();
  }

  @Test
  void namesWhatIsWrong() {
    assertThat(run()).isEqualTo(ExitCode.USAGE.status());
    assertThat(run("--run", "../x")).isEqualTo(ExitCode.USAGE.status());
    assertThat(run("--run", "first", "--ablation", "a/b")).isEqualTo(ExitCode.USAGE.status());
    assertThat(run("--run", "first", "--date", "today")).isEqualTo(ExitCode.USAGE.status());
    assertThat(run("--run", "other")).isEqualTo(ExitCode.BAD_DATA.status());
    assertThat(run("--run", "first", "--date", "2026-03-02")).isEqualTo(ExitCode.BAD_DATA.status());

    assertThat(text(err))
        .contains("report needs --run (or -D dicm.run.id=...)")
        .contains("--run was '../x', allowed are 1 to 64 letters, digits, '-' and '_'")
        .contains("--ablation was 'a/b'")
        .contains("--date was 'today', needed a day as YYYY-MM-DD")
        .contains("Cannot report on run 'other': the workspace")
        .contains("Cannot report on run 'first' of 2026-03-02: the workspace");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void anAblationThatIsNotThereIsSaidOnThePage() throws IOException {
    assertThat(run("--run", "first", "--ablation", "none")).isZero();

    assertThat(folder.resolve("reports/dt=2026-03-01/run=first/report.html"))
        .content()
        .contains("ablations/name=none/ablation.json: there is no such file.");
  }

  private int run(String... options) {
    String[] arguments =
        Stream.concat(
                Stream.of("report", "--workspace", folder.toUri().toString()), Stream.of(options))
            .toArray(String[]::new);
    return Main.run(
        arguments,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
