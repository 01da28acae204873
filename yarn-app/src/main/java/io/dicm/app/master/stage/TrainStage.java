package io.dicm.app.master.stage;

import io.dicm.app.launch.Role;
import io.dicm.app.master.rm.RoleRequest;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.sample.SampleManifest;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** Samples and vectors to a model: a gang of Advanced Model Servers and workers. */
record TrainStage(StageContext context, GangRunner gangs) implements Stage {
  @Override
  public StageName name() {
    return StageName.TRAIN;
  }

  @Override
  public StageResult run(ProgressListener progress) throws IOException, InterruptedException {
    PipelineSettings settings = context.settings();
    Path samples = settings.workspace().samples(settings.run());
    SampleManifest manifest = SampleManifest.read(context.hadoop(), samples);
    List<RoleRequest> requests =
        List.of(
            context.request(
                Role.SERVER,
                DicmKeys.TRAIN_SERVERS,
                DicmKeys.YARN_SERVER_MEMORY_MB,
                DicmKeys.YARN_SERVER_VCORES),
            context.request(
                Role.WORKER,
                DicmKeys.TRAIN_WORKERS,
                DicmKeys.YARN_WORKER_MEMORY_MB,
                DicmKeys.YARN_WORKER_VCORES));
    Path model = settings.workspace().model(settings.run());
    try (DirectoryPublisher publisher = new DirectoryPublisher(context.hadoop(), model)) {
      gangs.run(
          new GangPlan(requests, context.threads(), publisher.staging(), context.extractorId()),
          progress);
      publisher.publish();
    }
    return StageResult.done(
        "%d impressions, %d epochs, on %s"
            .formatted(
                manifest.train().impressions(),
                context.hadoop().getInt(DicmKeys.TRAIN_EPOCHS, 0),
                String.join(" and ", requests.stream().map(RoleRequest::toString).toList())));
  }
}
