package io.dicm.app.master.stage;

import io.dicm.app.launch.Role;
import io.dicm.app.master.rm.RoleRequest;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.PredictionPlan;
import io.dicm.app.pipeline.StageName;
import io.dicm.app.rpc.proto.Assignment;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.sample.SampleManifest;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** Samples, usually those for testing, to click probabilities: a gang of predictors. */
record PredictStage(StageContext context, GangRunner gangs) implements Stage {
  @Override
  public StageName name() {
    return StageName.PREDICT;
  }

  @Override
  public StageResult run(ProgressListener progress) throws IOException, InterruptedException {
    PipelineSettings settings = context.settings();
    PredictionPlan plan = PredictionPlan.of(context.conf(), settings);
    long impressions =
        plan.totals(SampleManifest.read(context.hadoop(), plan.samples())).impressions();
    RoleRequest request =
        context.request(
            Role.PREDICTOR,
            DicmKeys.TRAIN_WORKERS,
            DicmKeys.YARN_PREDICTOR_MEMORY_MB,
            DicmKeys.YARN_WORKER_VCORES);
    Path predictions = settings.workspace().predictions(settings.date(), settings.run());
    try (DirectoryPublisher publisher = new DirectoryPublisher(context.hadoop(), predictions)) {
      Assignment work =
          Assignment.newBuilder()
              .setOutputDirectory(publisher.staging().toString())
              .setExtractorId(context.extractorId())
              .build();
      gangs
          .run(new GangPlan(List.of(request), context.threads(), work), new GangProgress(progress))
          .orThrow();
      publisher.publish();
    }
    return StageResult.done(
        "%d impressions scored%s on %s"
            .formatted(
                impressions,
                plan.baseline().map(means -> " by " + means.label()).orElse(""),
                request));
  }
}
