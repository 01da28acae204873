package io.dicm.app.cli;

import io.dicm.app.client.SubmittedApplication;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.trainer.evaluate.EvaluateJob;
import io.dicm.trainer.evaluate.Evaluation;
import io.dicm.trainer.evaluate.Slice;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What a command says on stdout about an application. */
final class RunResult {
  private static final String MISSING_IMAGES = "missing_image_fraction";

  private RunResult() {}

  /** Of an application that was only submitted. */
  static Map<String, String> submitted(SubmittedApplication application) {
    Map<String, String> result = new LinkedHashMap<>();
    result.put("application_id", application.id().toString());
    result.put("date", application.settings().date());
    result.put("run", application.settings().run());
    return result;
  }

  /** Of an application that has ended well: with the metrics, if it made some. */
  static Map<String, String> finished(
      Configuration conf, SubmittedApplication application, RunSnapshot run) {
    Map<String, String> result = submitted(application);
    result.put("state", "SUCCEEDED");
    run.stages().forEach(stage -> result.put(stage.stage() + "_seconds", seconds(stage.tookMs())));
    if (application.settings().runs(StageName.EVALUATE)) {
      result.putAll(metrics(conf, application.settings()));
    }
    return result;
  }

  /** Names and values of a run's metrics. */
  static Map<String, String> metrics(Configuration conf, PipelineSettings settings) {
    Path file =
        new Path(
            settings.workspace().metrics(settings.date(), settings.run()), EvaluateJob.JSON_FILE);
    Map<String, String> metrics = new LinkedHashMap<>();
    new JsonFiles(conf)
        .readTree(file, ErrorCode.INPUT_MISSING)
        .properties()
        .forEach(entry -> metrics.put(entry.getKey(), entry.getValue().asText()));
    metrics.put(MISSING_IMAGES, missingImages(conf, file.getParent()));
    return metrics;
  }

  /** The share of the impressions whose picture the feature store lacks, 0 to 1. */
  private static String missingImages(Configuration conf, Path directory) {
    Evaluation evaluation = Evaluation.read(conf, directory);
    double missing =
        evaluation
            .slice(Slice.IMAGE.label(), "missing")
            .map(part -> part.metric("impressions"))
            .orElse(0.0);
    return Double.toString(missing / evaluation.metric("impressions"));
  }

  private static String seconds(long ms) {
    return String.format(Locale.ROOT, "%.1f", ms / 1000.0);
  }
}
