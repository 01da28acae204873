package io.dicm.app.master.stage;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.samplejob.SamplesJob;
import java.io.IOException;

/** Logs to samples, by MapReduce. */
record SamplesStage(StageContext context) implements Stage {
  @Override
  public StageName name() {
    return StageName.SAMPLES;
  }

  @Override
  public StageResult run(ProgressListener progress) throws IOException, InterruptedException {
    PipelineSettings settings = context.settings();
    SampleManifest manifest =
        new SamplesJob(context.hadoop(), context.jobs(name().label()))
            .run(settings.input(), settings.workspace().samples(settings.run()), progress);
    long rejected = manifest.rejects().values().stream().mapToLong(Long::longValue).sum();
    return StageResult.done(
        "%d training and %d test impressions, %d rows rejected"
            .formatted(manifest.train().impressions(), manifest.test().impressions(), rejected));
  }
}
