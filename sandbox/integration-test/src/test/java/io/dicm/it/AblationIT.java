package io.dicm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** A small ablation on a real cluster: its runs, its tables, and the call that goes on with it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AblationIT {
  private static final Duration COMMAND_LIMIT = Duration.ofMinutes(2);
  private static final Duration ABLATION_LIMIT = Duration.ofMinutes(25);
  private static final String INPUT = "/ablation/input";
  private static final String WORKSPACE = "/ablation/workspace";
  private static final String DATE = "2026-01-31";
  private static final List<String> VARIANTS =
      List.of(
          "baseline", "joint", "shuffled", "planted", "item-mean", "user-mean", "item-user-mean");

  private final Path home = Path.of(System.getProperty("dicm.home"));
  private final SandboxUnderTest sandbox =
      SandboxUnderTest.withSmallJobs(home, Path.of("target", "sandbox-ablation").toAbsolutePath());

  @BeforeAll
  void startSandbox() throws Exception {
    sandbox.start("--no-hive");
    CommandResult imported =
        sandbox.dicm(
            COMMAND_LIMIT,
            "import",
            "generated",
            "--to",
            INPUT,
            "--items",
            "24",
            "--users",
            "80",
            "--impressions",
            "3000",
            "--seed",
            "5");
    assertThat(imported.exitStatus()).as(imported.errors()).isZero();
  }

  @AfterAll
  void stopSandbox() throws Exception {
    sandbox.close();
  }

  @Test
  @Order(1)
  void everyVariantStandsInTheTableWithItsGain() throws Exception {
    CommandResult result = ablation("--output", "properties");

    assertThat(result.exitStatus()).as(result.errors()).isZero();
    assertThat(result.properties())
        .containsEntry("ablation", "spring")
        .containsKeys("control_shuffled", "control_planted");
    JsonNode report = report();
    assertThat(report.path("test_impressions").asLong()).isGreaterThan(300);
    assertThat(report.path("runs").findValuesAsText("variant")).containsAll(VARIANTS);
    JsonNode rows = report.path("tables").path(0).path("rows");
    assertThat(rows.size()).isEqualTo(VARIANTS.size());
    for (JsonNode row : rows) {
      String variant = row.path("variant").asText();
      JsonNode auc = row.path("metrics").path("auc");
      assertThat(auc.path("value").asDouble()).as(variant).isBetween(.3, 1.0);
      assertThat(auc.path("low").asDouble()).isLessThan(auc.path("high").asDouble());
      assertThat(row.path("gains").has("auc")).as(variant).isEqualTo(!variant.equals("baseline"));
    }
    // The table of click counts is the answer: not to find it would be a defect.
    assertThat(gain(rows, "planted")).isGreaterThan(gain(rows, "shuffled"));
  }

  @Test
  @Order(2)
  void theNextCallTrainsNothingAndSaysTheSame() throws Exception {
    JsonNode before = report();

    CommandResult result = ablation();

    assertThat(result.exitStatus()).as(result.errors()).isZero();
    assertThat(result.errors()).contains("is there already").doesNotContain("Submitted", "begins");
    assertThat(result.output())
        .contains("Controls\n--------\n", "control: shuffled vectors", "item mean, no model");
    assertThat(report()).isEqualTo(before);
  }

  private static double gain(JsonNode rows, String variant) {
    for (JsonNode row : rows) {
      if (row.path("variant").asText().equals(variant)) {
        return row.path("gains").path("auc").path("value").asDouble();
      }
    }
    throw new AssertionError("There is no row of " + variant);
  }

  private JsonNode report() throws Exception {
    try (FileSystem fs = FileSystem.newInstance(sandbox.configuration())) {
      String directory = WORKSPACE + "/ablations/name=spring/";
      assertThat(fs.exists(new org.apache.hadoop.fs.Path(directory + "ablation.md"))).isTrue();
    }
    return new JsonFiles(sandbox.configuration())
        .readTree(
            new org.apache.hadoop.fs.Path(WORKSPACE + "/ablations/name=spring/ablation.json"),
            ErrorCode.INPUT_MISSING);
  }

  private CommandResult ablation(String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "ablation",
                "--name",
                "spring",
                "--input",
                INPUT,
                "--workspace",
                WORKSPACE,
                "--date",
                DATE,
                "--seeds",
                "1",
                "--protocol",
                "time",
                "--only",
                "controls",
                "--concurrent",
                "2",
                "-D",
                "dicm.samples.split=last-days:2",
                "-D",
                "dicm.train.batch-size=64",
                // What is tested is which runs there are and what becomes of them.
                "-D",
                "dicm.train.servers=1",
                "-D",
                "dicm.train.workers=1",
                "-D",
                "dicm.train.epochs=2"));
    arguments.addAll(List.of(more));
    return sandbox.dicm(ABLATION_LIMIT, arguments.toArray(String[]::new));
  }
}
