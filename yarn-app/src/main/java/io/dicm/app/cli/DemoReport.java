package io.dicm.app.cli;

import io.dicm.app.master.history.RoleMemory;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.history.StageRecord;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.feature.job.ExtractSummary;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/** The demo's readable ending. */
final class DemoReport {
  private final PrintStream out;
  private boolean randomWeights;

  DemoReport(PrintStream out) {
    this.out = out;
  }

  /** Times of the stages, memory of the roles. */
  void run(RunSnapshot run) {
    StringBuilder stages = new StringBuilder();
    for (StageRecord stage : run.stages()) {
      randomWeights |= stage.detail().contains(ExtractSummary.RANDOM_WEIGHTS);
      stages.append(
          format("%-10s %7.1f s  %s%n", stage.stage(), stage.tookMs() / 1000.0, stage.detail()));
    }
    section("Stages of " + run.applicationId(), stages.toString());
    StringBuilder memory = new StringBuilder();
    memory.append(format("%-18s %9s %9s%n", "role", "asked MiB", "used MiB"));
    for (RoleMemory role : run.containers()) {
      memory.append(format("%-18s %9d %9d%n", role.role(), role.requestedMb(), role.peakMb()));
    }
    section("Memory of the largest container of each role", memory.toString());
  }

  /** How good the model is. */
  void metrics(Map<String, String> metrics) {
    StringBuilder text = new StringBuilder();
    metrics.forEach((name, value) -> text.append(format("%-16s %s%n", name, value)));
    section("Metrics on the test impressions", text.toString());
  }

  /** A heading and lines below it. */
  void section(String title, String body) {
    out.println();
    out.println(title);
    out.println("-".repeat(title.length()));
    out.print(body);
    out.flush();
  }

  /** What a newcomer may do now. */
  void next(PipelineSettings settings) {
    String weights =
        randomWeights
            ? "The VGG16 weights were random; dicm.extract.weights takes real ones.\n"
            : "";
    section(
        "What next",
        weights
            + """
        ./dicm sandbox start                 a Hadoop and a Hive that stay, to try things on
        ./dicm import movielens --help       real pictures and ratings
        ./dicm pipeline FILE                 {"input": ..., "workspace": ..., "date": "%s", "run": ...}
        ./dicm query "SELECT ..."            database dicm: features, image_codes, predictions, metrics, metric_slices, runs
        """
                .formatted(settings.date()));
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
