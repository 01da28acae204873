package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.app.master.history.RunFiles;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.web.PlausibleRun;
import io.dicm.common.error.ExitCode;
import io.dicm.common.json.JsonFiles;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestHistoryCommand {
  private static final String APPLICATION = "application_1782899000000_0042";

  private final Configuration conf = new Configuration();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @BeforeEach
  void publishRuns() throws Exception {
    publish("2026-07-01", "shop-a", PlausibleRun.training());
    publish("2026-07-02", "shop-b", PlausibleRun.failed());
  }

  @Test
  void listsRunsNewestFirst() {
    assertThat(run()).isZero();

    assertThat(text(out).lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "date run state seconds application",
            "2026-07-02 shop-b failed 299 application_1_0007",
            "2026-07-01 shop-a running 860 " + APPLICATION);
  }

  @Test
  void listIsJsonToo() throws Exception {
    assertThat(run("--output", "json", "--date", "2026-07-02")).isZero();

    assertThat(text(out))
        .startsWith("{\"runs\":[{\"application_id\":\"application_1_0007\",")
        .contains("\"state\":\"failed\"")
        .doesNotContain("shop-a");
  }

  @Test
  void showsOneRunByNameOrApplication() {
    assertThat(run("shop-b")).isZero();
    assertThat(text(out))
        .contains("application_id = application_1_0007\n")
        .contains("state = failed\n")
        .containsPattern("train +failed +298.0  CONTAINER_FAILED: worker 1");

    out.reset();
    assertThat(run(APPLICATION, "--output", "properties")).isZero();
    assertThat(text(out)).contains("run=shop-a\n").contains("progress=0.58\n");
  }

  @Test
  void jsonOfARunIsItsHistory() throws Exception {
    assertThat(run("shop-a", "--output", "json")).isZero();

    RunSnapshot read = new JsonFiles(conf).parse(text(out), RunSnapshot.class);
    assertThat(read).isEqualTo(PlausibleRun.training());
  }

  @Test
  void writesThePage() {
    Path page = folder.resolve("run.html");

    assertThat(run("shop-a", "--html", page.toString())).isZero();

    assertThat(text(out)).isEqualTo("file:" + page + "\n");
    assertThat(page).content().contains("Run <bdi>shop-a</bdi>").contains("Bytes saved by step");
  }

  @Test
  void unreadableHistoryIsLeftOut() throws Exception {
    Path file = folder.resolve("runs/dt=2026-07-02/run=shop-b/" + RunFiles.HISTORY_FILE);
    Files.delete(file.resolveSibling("." + RunFiles.HISTORY_FILE + ".crc"));
    Files.writeString(file, "{");

    assertThat(run()).isZero();
    assertThat(text(out)).contains("shop-a").doesNotContain("shop-b");
  }

  @Test
  void namesWhatIsWrong() {
    assertThat(run("other")).isEqualTo(ExitCode.BAD_DATA.status());
    assertThat(run("shop-a", "--date", "2026-07-02")).isEqualTo(ExitCode.BAD_DATA.status());
    assertThat(run("a", "b")).isEqualTo(ExitCode.USAGE.status());
    assertThat(run("--html", "x")).isEqualTo(ExitCode.USAGE.status());
    assertThat(run("--date", "today")).isEqualTo(ExitCode.USAGE.status());

    assertThat(text(err))
        .contains("INPUT_MISSING: Cannot show 'other': ")
        .contains("Cannot show 'shop-a' of 2026-07-02: ")
        .contains("history takes one application id or run, was [a, b]")
        .contains("history --html needs an application id or a run")
        .contains("--date was 'today', needed a day as YYYY-MM-DD");
    assertThat(text(out)).isEmpty();
  }

  private void publish(String date, String name, RunSnapshot run) throws Exception {
    RunSnapshot named =
        name.equals("shop-a")
            ? run
            : new RunSnapshot(
                "application_1_0007",
                run.name(),
                date,
                name,
                run.progress(),
                run.stages(),
                run.containers(),
                null);
    new RunFiles(conf)
        .publish(
            named,
            new org.apache.hadoop.fs.Path(
                folder.resolve("runs/dt=" + date + "/run=" + name).toUri()));
  }

  private int run(String... options) {
    String[] arguments =
        Stream.concat(
                Stream.of("history", "--workspace", folder.toUri().toString()), Stream.of(options))
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
