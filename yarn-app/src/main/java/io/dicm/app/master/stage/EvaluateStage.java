package io.dicm.app.master.stage;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.evaluate.EvaluateJob;
import io.dicm.trainer.evaluate.Metrics;
import java.io.IOException;
import java.util.Locale;

/** Predictions to metrics, by MapReduce. */
record EvaluateStage(StageContext context) implements Stage {
  @Override
  public StageName name() {
    return StageName.EVALUATE;
  }

  @Override
  public StageResult run(ProgressListener progress) throws IOException, InterruptedException {
    PipelineSettings settings = context.settings();
    Metrics metrics =
        new EvaluateJob(context.hadoop(), context.jobs(name().label()))
            .run(
                settings.workspace().predictions(settings.date(), settings.run()),
                settings.workspace().metrics(settings.date(), settings.run()),
                settings.workspace().metricSlices(settings.date(), settings.run()),
                progress);
    return StageResult.done(
        String.format(
            Locale.ROOT,
            "AUC %.4f, GAUC %.4f, log loss %.4f",
            metrics.auc(),
            metrics.gauc(),
            metrics.logLoss()));
  }
}
