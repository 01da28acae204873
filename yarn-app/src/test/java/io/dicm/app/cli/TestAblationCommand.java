package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestAblationCommand {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--seeds      | 0        | --seeds was '0', allowed is a whole number from 1 to 100",
        "--seeds      | three    | --seeds was 'three', allowed is a whole number from 1 to 100",
        "--concurrent | -1       | --concurrent was '-1', allowed is a whole number from 1 to 100",
        "--warm-up-days | 0      | --warm-up-days was '0', allowed is a whole number from 1 to",
        "--only       | table9   | --only was 'table9', allowed are, joined by commas, table3, aggr",
        "--only       | table3,  | --only was '', allowed are",
        "--protocol   | random   | --protocol was 'random', allowed is one of time, user, item-hold",
        "--output     | xml      | --output was 'xml'",
        "--name       | a/b      | --name was 'a/b', allowed are 1 to 64 letters"
      })
  void wrongOptionIsWrongUsageAndOneSentence(String option, String value, String sentence) {
    assertThat(run(option, value)).isEqualTo(ExitCode.USAGE.status());
    assertThat(text(err)).startsWith("USAGE: " + sentence).contains("usage: dicm ablation");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThat(runBare("ablation", "--name", "spring")).isEqualTo(ExitCode.USAGE.status());
    assertThat(text(err)).startsWith("USAGE: ablation needs --input, a pipeline file, or -D dicm.");
    assertThat(runBare("ablation", "a.json", "b.json")).isEqualTo(ExitCode.USAGE.status());
    assertThat(text(err)).startsWith("USAGE: ablation takes one file, there were 2");
  }

  @Test
  void nameMustLeaveRoomForItsRuns() {
    assertThat(run("--name", "n".repeat(60))).isEqualTo(ExitCode.USAGE.status());
    assertThat(text(err)).startsWith("USAGE: --name is too long: 'nnn").contains("64 letters");
  }

  @Test
  void keysOfVariantsAreNotTheUsers() {
    assertThat(run("-D", "dicm.train.images=ad")).isEqualTo(ExitCode.CONFIGURATION.status());
    assertThat(text(err))
        .isEqualTo(
            "CONFIGURATION_INVALID: Cannot use -D dicm.train.images: an ablation sets it for each"
                + " of its variants. Leave it out.\n");
  }

  @Test
  void warmVariantsNeedCheckpoints() {
    String[] without = {"-D", "dicm.train.checkpoint-steps=0", "--dry-run"};

    assertThat(run(without)).isEqualTo(ExitCode.CONFIGURATION.status());
    assertThat(text(err)).contains("dicm.train.checkpoint-steps was 0").hasLineCount(1);
    assertThat(run(with(without, "--only", "controls,aggregators"))).isZero();
    assertThat(run(with(without, "--warm-start", "yesterday"))).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "99"})
  void intervalsNeedReplicates(String replicates) {
    String[] few = {"-D", "dicm.evaluate.bootstrap-replicates=" + replicates, "--dry-run"};

    assertThat(run(few)).isEqualTo(ExitCode.CONFIGURATION.status());
    assertThat(text(err))
        .startsWith(
            "CONFIGURATION_INVALID: Cannot say what pictures are worth: "
                + "dicm.evaluate.bootstrap-replicates was "
                + replicates)
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"float32", "float16"})
  void importedVectorsAreNotExtracted(String precision) {
    assertThat(
            run(
                "-D",
                "dicm.extract.encoder=imported-amazon-fc7",
                "-D",
                "dicm.extract.vector-precision=" + precision,
                "--dry-run"))
        .as(text(err))
        .isZero();
    assertThat(text(out)).startsWith("spring (samples)\n");
  }

  @Test
  void modelToBeginWithMustBeThereBeforeAnythingIsStarted() {
    assertThat(run("--warm-start", "yesterday")).isEqualTo(ExitCode.BAD_DATA.status());
    assertThat(text(err))
        .startsWith("INPUT_MISSING: Cannot start from run 'yesterday'")
        .hasLineCount(1);
  }

  @Test
  void wrongValueIsSaidBeforeAnythingIsStarted() {
    assertThat(run("-D", "dicm.train.batch-size=many")).isEqualTo(ExitCode.CONFIGURATION.status());
    assertThat(text(err))
        .startsWith("CONFIGURATION_INVALID: Cannot use dicm.train.batch-size: was 'many'")
        .hasLineCount(1);
  }

  @Test
  void dryRunPrintsRunsWithTheirSettings() {
    assertThat(run("--dry-run", "--seeds", "2", "--protocol", "item-holdout"))
        .as(text(err))
        .isZero();

    assertThat(text(out))
        .startsWith("spring (extract,samples)\n")
        .contains("\nspring-joint-partial-seed2 (train,predict,evaluate)\n")
        .contains("\nspring-max-seed1 (train,predict,evaluate)\n")
        .contains("\nspring-item-mean (predict,evaluate)\n")
        .contains(
            "\nspring-earlier (samples)\n  dicm.run.incremental=off\n  dicm.samples.item-holdout-fraction=0.2\n")
        .contains("\nspring-planted-signal (made by the client)\n")
        .doesNotContain("seed3");
    assertThat(Files.exists(folder.resolve("workspace"))).isFalse();
  }

  @Test
  void networksAreThoseThatTheFeaturesCanDoWith() throws IOException {
    assertThat(run("--dry-run", "--only", "networks")).isEqualTo(ExitCode.CONFIGURATION.status());
    assertThat(text(err))
        .startsWith("FEATURES_JSON_INVALID: ")
        .contains("/in/features.json")
        .hasLineCount(1);

    Files.writeString(
        Files.createDirectories(folder.resolve("in")).resolve("features.json"),
        """
        {"features": [
          {"name": "user_id", "side": "user", "kind": "id"},
          {"name": "item_id", "side": "item", "kind": "id"}]}
        """);
    assertThat(run("--dry-run", "--only", "networks", "--seeds", "1")).as(text(err)).isZero();

    assertThat(text(out))
        .contains("\nspring-lr-none-seed1 ", "\nspring-two-towers-joint-seed1 ")
        .doesNotContain("spring-din-", "spring-dien-");
  }

  @Test
  void pipelineFileSaysWhereAndHow() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("shop.json"),
            """
            {"input": "%s", "workspace": "%s", "date": "2026-07-01", "run": "shop",
             "properties": {"dicm.samples.split": "last-days:3", "dicm.train.seed": "11",
                            "dicm.train.images": "joint"}}
            """
                .formatted(folder.resolve("in").toUri(), folder.resolve("workspace").toUri()));

    assertThat(
            runBare("ablation", file.toString(), "--dry-run", "--seeds", "1", "--only", "controls"))
        .as(text(err))
        .isZero();

    assertThat(text(out))
        .contains("shop-baseline-seed11 ")
        .contains("  dicm.samples.split=last-days:3\n")
        .contains("  dicm.train.images=none\n");
    assertThat(text(err))
        .isEqualTo(
            "The pipeline file's dicm.train.images=joint does not count: an ablation sets it for"
                + " each of its variants.\n");
  }

  private int run(String... options) {
    String[] name =
        List.of(options).contains("--name") ? new String[0] : new String[] {"--name", "spring"};
    return runBare(
        with(
            new String[] {
              "ablation",
              "--input",
              folder.resolve("in").toUri().toString(),
              "--workspace",
              folder.resolve("workspace").toUri().toString(),
              "--date",
              "2026-07-01"
            },
            with(name, options)));
  }

  private int runBare(String... arguments) {
    out.reset();
    err.reset();
    return Main.run(
        arguments,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static String[] with(String[] first, String... others) {
    return Stream.concat(Stream.of(first), Stream.of(others)).toArray(String[]::new);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
