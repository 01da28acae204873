package io.dicm.app.master.stage;

import io.dicm.app.launch.Role;
import io.dicm.app.master.recovery.RunJournal;
import io.dicm.app.master.rm.RoleRequest;
import io.dicm.app.master.table.VectorTables;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.PredictionPlan;
import io.dicm.app.pipeline.StageName;
import io.dicm.app.rpc.proto.Assignment;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.lease.LeaseLedger;
import io.dicm.trainer.lease.LeaseSize;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleManifest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.fs.Path;

/**
 * Samples, usually those for testing, to click probabilities: a gang of predictors, each of which
 * takes the next lease when it has scored the one before. When one is lost, nothing is published
 * and all of them begin again: so a table of predictions has each impression once. A model with
 * towers gives tables of vectors too.
 */
record PredictStage(
    StageContext context,
    GangRunner gangs,
    RunJournal journal,
    RestartBudget budget,
    MemoryGrowth growth)
    implements Stage {
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
    Restarts restarts =
        new PredictionSupervisor(
                before -> attempt(plan, request, before, progress), budget, growth, journal)
            .run();
    return StageResult.done(
        restarts.done(
            "%d impressions scored%s on %s"
                .formatted(
                    impressions,
                    plan.baseline().map(means -> " by " + means.label()).orElse(""),
                    growth.applied(request))));
  }

  /** All of the work by a gang of its own, into a staging directory of its own. */
  private GangOutcome attempt(
      PredictionPlan plan, RoleRequest request, Restarts restarts, ProgressListener progress)
      throws IOException, InterruptedException {
    PipelineSettings settings = context.settings();
    Path predictions = settings.workspace().predictions(settings.date(), settings.run());
    try (DirectoryPublisher publisher = new DirectoryPublisher(context.hadoop(), predictions)) {
      Assignment work =
          Assignment.newBuilder()
              .setOutputDirectory(publisher.staging().toString())
              .setExtractorId(context.extractorId())
              .build();
      GangOutcome outcome =
          gangs.run(
              new GangPlan(
                  List.of(growth.applied(request)),
                  context.threads(),
                  work,
                  Optional.of(leases(plan, request))),
              new GangProgress(progress, restarts));
      if (outcome instanceof GangOutcome.Finished) {
        // Where there are predictions there are their vectors.
        new VectorTables(context.hadoop(), settings).publish(publisher.staging());
        publisher.publish();
      }
      return outcome;
    }
  }

  /** In the order of the samples, so that each predictor's rows are too. */
  private LeaseLedger leases(PredictionPlan plan, RoleRequest predictors) throws IOException {
    return new LeaseLedger(
        SampleFiles.plan(
            context.hadoop(),
            new Path(plan.samples(), plan.split().directory()),
            context.schema(),
            LeaseSize.of(context.conf(), predictors.count()),
            OptionalLong.empty()),
        predictors.count(),
        1);
  }
}
