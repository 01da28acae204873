package io.dicm.app.master.stage;

import io.dicm.app.launch.Role;
import io.dicm.app.master.rm.RoleRequest;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.RunSamples;
import io.dicm.app.pipeline.StageName;
import io.dicm.app.rpc.proto.Assignment;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.sample.SampleManifest;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** Test samples to click probabilities: a gang of predictors. */
record PredictStage(StageContext context, GangRunner gangs) implements Stage {
  @Override
  public StageName name() {
    return StageName.PREDICT;
  }

  @Override
  public StageResult run(ProgressListener progress) throws IOException, InterruptedException {
    PipelineSettings settings = context.settings();
    Path samples = RunSamples.directory(context.conf(), settings);
    long impressions = SampleManifest.read(context.hadoop(), samples).test().impressions();
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
    return StageResult.done("%d impressions scored on %s".formatted(impressions, request));
  }
}
