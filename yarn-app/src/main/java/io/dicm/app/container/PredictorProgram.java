package io.dicm.app.container;

import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.rpc.proto.MemberState;
import io.dicm.app.rpc.proto.Order;
import io.dicm.trainer.predict.Model;
import io.dicm.trainer.predict.PredictionOptions;
import io.dicm.trainer.predict.PredictionWorker;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scores test samples, lease by lease, with the run's model. */
final class PredictorProgram implements RoleProgram {
  private static final Logger LOG = LoggerFactory.getLogger(PredictorProgram.class);

  @Override
  public void run(RoleContext context)
      throws IOException, InterruptedException, Orders.StoppedException {
    FeatureSchema schema = context.schema();
    Path samples = context.settings().workspace().samples(context.settings().run());
    Model model =
        Model.load(
            context.hadoop(),
            context.settings().workspace().model(context.settings().run()),
            schema);
    context.reach(MemberState.READY, Order.RUN);
    context.status().state(MemberState.RUNNING);
    PredictionOptions options = options(context, samples);
    long scored =
        new PredictionWorker(context.hadoop(), options, model, context.status())
            .run(
                SampleFiles.sequential(
                    context.hadoop(), new Path(samples, "test"), schema, context.leases()),
                context.outputDirectory());
    LOG.info("Scored {} impressions", scored);
    context.reach(MemberState.WORK_DONE, Order.WRITE_OUTPUT);
    context.finish();
  }

  private static PredictionOptions options(RoleContext context, Path samples) {
    int workers = context.assignment().getWorkers();
    long impressions = SampleManifest.read(context.hadoop(), samples).test().impressions();
    return new PredictionOptions(
        context.member().index(),
        workers,
        ContainerSettings.batchSize(context.conf()),
        ContainerSettings.threads(context.conf()),
        impressions / workers);
  }
}
