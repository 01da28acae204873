package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.error.ExitCode;
import io.dicm.common.layout.Workspace;
import io.dicm.trainer.evaluate.Decile;
import io.dicm.trainer.evaluate.Evaluation;
import io.dicm.trainer.evaluate.Interval;
import io.dicm.trainer.evaluate.Replicates;
import io.dicm.trainer.evaluate.SliceMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestEvaluateCommand {
  private static final String DATE = "2026-07-01";

  private final Configuration conf = new Configuration();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private java.nio.file.Path folder;
  private Workspace workspace;

  @BeforeEach
  void setUp() {
    workspace = new Workspace(new Path(folder.toUri()));
  }

  @Test
  void differencesAreATableForPeople() throws IOException {
    publish("a", "2026-07-01", "digest", 0.75, 0.75);
    publish("b", "2026-07-01", "digest", 0.7, 0.71);

    assertThat(run("--against", "b")).as(text(err)).isZero();

    assertThat(text(out))
        .startsWith("a minus b; * where the 95 % interval excludes 0\n")
        .containsPattern(
            "all +all +auc +0\\.7500 +0\\.7000 +\\+0\\.0500  \\[\\+0\\.0400, .*\\] \\*");
  }

  @Test
  void differencesAreJsonForPrograms() throws IOException {
    publish("a", "2026-07-01", "digest", 0.75, 0.75);
    publish("b", "2026-06-30", "digest", 0.75, 0.75);

    assertThat(run("--against", "b", "--against-date", "2026-06-30", "--output", "json"))
        .as(text(err))
        .isZero();

    assertThat(text(out)).contains("\"metric\":\"auc\"", "\"difference\":0.0", "[0.0,0.0]");
  }

  @Test
  void otherImpressionsAreRefused() throws IOException {
    publish("a", "2026-07-01", "digest", 0.75, 0.75);
    publish("b", "2026-07-01", "another", 0.7, 0.71);

    assertThat(run("--against", "b")).isEqualTo(ExitCode.BAD_DATA.status());
    assertThat(text(err)).startsWith("INPUT_INVALID: Cannot compare ");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void argumentsAreChecked() {
    assertThat(run("--against", "../b")).isEqualTo(ExitCode.USAGE.status());
    assertThat(run("--against-date", "2026-06-30")).isEqualTo(ExitCode.USAGE.status());
    assertThat(run("--against", "b", "--against-date", "june")).isEqualTo(ExitCode.USAGE.status());
    assertThat(run("--against", "b", "--output", "properties")).isEqualTo(ExitCode.USAGE.status());
  }

  @Test
  void anEvaluationIsReadAsTables() {
    String text = new EvaluationText().of(evaluation("digest", 0.75));

    assertThat(text)
        .containsPattern("auc +0\\.7500  \\[0\\.7000, 0\\.8000\\]\n")
        .containsPattern("gauc +-  \n")
        .containsPattern("all +all +90 +30  0\\.7500")
        .containsPattern("1 +90 +0\\.4000 +0\\.3333");
  }

  @Test
  void jsonHasEverySliceWithItsDeciles() {
    Map<String, Object> result = Map.of("run", "a");
    Evaluation evaluation = evaluation("digest", 0.75);

    assertThat(EvaluateCommand.write(result, evaluation, OutputFormat.JSON))
        .startsWith("{\"evaluation\":{")
        .endsWith(",\"run\":\"a\"}\n")
        .containsPattern(
            "\"value\":\"all\",[^\\]]*\"auc\":\\[[^\\]]*\\]\\},"
                + "\"deciles\":\\[\\{\"decile\":1,\"impressions\":90,");
    assertThat(EvaluateCommand.write(result, evaluation, OutputFormat.PROPERTIES))
        .isEqualTo("run=a\n");
    assertThat(EvaluateCommand.write(result, evaluation, OutputFormat.TEXT))
        .startsWith("run = a\n")
        .containsPattern("all +all +90 +30  0\\.7500");
  }

  private int run(String... options) {
    String[] fixed = {
      "evaluate", "--workspace", workspace.root().toString(), "--date", DATE, "--run", "a"
    };
    String[] arguments = new String[fixed.length + options.length];
    System.arraycopy(fixed, 0, arguments, 0, fixed.length);
    System.arraycopy(options, 0, arguments, fixed.length, options.length);
    CommandLineTool tool =
        new CommandLineTool(
            List.of(new EvaluateCommand()),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    tool.setConf(conf);
    return tool.run(arguments);
  }

  private void publish(String run, String date, String digest, double auc, double replicate)
      throws IOException {
    Path directory = workspace.metrics(date, run);
    evaluation(digest, auc).write(conf, directory);
    new Replicates(
            List.of(
                new Replicates.Row(
                    "all", "all", "auc", new double[] {replicate, replicate, replicate})))
        .write(conf, directory);
  }

  private static Evaluation evaluation(String digest, double auc) {
    Map<String, Double> metrics = Map.of("auc", auc, "impressions", 90.0, "clicks", 30.0);
    Map<String, Interval> intervals = Map.of("auc", new Interval(0.7, 0.8));
    List<Decile> deciles = List.of(new Decile(1, 90, 0.4, 1 / 3.0));
    return new Evaluation(
        metrics,
        intervals,
        List.of(new SliceMetrics("all", "all", metrics, intervals, deciles)),
        deciles,
        digest,
        3);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
