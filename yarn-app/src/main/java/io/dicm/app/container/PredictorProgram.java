package io.dicm.app.container;

import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.pipeline.PredictionPlan;
import io.dicm.app.rpc.proto.MemberState;
import io.dicm.app.rpc.proto.Order;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.feature.store.FeatureStore;
import io.dicm.trainer.model.NegativeSampling;
import io.dicm.trainer.predict.CheckpointModel;
import io.dicm.trainer.predict.KnownImages;
import io.dicm.trainer.predict.MeanKind;
import io.dicm.trainer.predict.MeanPredictor;
import io.dicm.trainer.predict.Model;
import io.dicm.trainer.predict.PictureVectors;
import io.dicm.trainer.predict.PredictionOptions;
import io.dicm.trainer.predict.PredictionRowMaker;
import io.dicm.trainer.predict.PredictionWorker;
import io.dicm.trainer.predict.WantedImages;
import io.dicm.trainer.sample.ItemStatistics;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.samplejob.SampleSplit;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scores samples, lease by lease, with a model, or with means of training. */
final class PredictorProgram implements RoleProgram {
  private static final Logger LOG = LoggerFactory.getLogger(PredictorProgram.class);

  /** Codes and embeddings, which grow by doubling, need most of the heap. */
  private static final int VECTOR_HEAP_PARTS = 8;

  @Override
  public void run(RoleContext context)
      throws IOException, InterruptedException, Orders.StoppedException {
    ComputeDevice device = context.device();
    FeatureSchema schema = context.schema();
    PredictionPlan plan = PredictionPlan.of(context.conf(), context.settings());
    SampleManifest manifest = SampleManifest.read(context.hadoop(), plan.samples());
    PredictionRowMaker rows = rows(context, plan, manifest);
    try (Scoring scoring =
        plan.baseline().isPresent()
            ? means(context, plan, manifest, rows, plan.baseline().get())
            : model(context, plan, schema, rows, device)) {
      context.reach(MemberState.READY, Order.RUN);
      context.status().state(MemberState.RUNNING);
      PredictionOptions options = options(context, plan, manifest);
      long scored =
          scoring.run(
              SampleFiles.sequential(
                  context.hadoop(),
                  new Path(plan.samples(), plan.split().directory()),
                  schema,
                  context.leases()),
              options);
      LOG.info("Scored {} impressions", scored);
      context.reach(MemberState.WORK_DONE, Order.WRITE_OUTPUT);
      scoring.writeOutput(options);
      context.finish();
    }
  }

  /** Scores into the output directory. */
  @FunctionalInterface
  private interface Scoring extends AutoCloseable {
    /** Scores samples, which it closes. */
    long run(SampleSource samples, PredictionOptions options) throws IOException;

    /** What is left to do when all predictors have scored. */
    default void writeOutput(PredictionOptions options) throws IOException {}

    /** Frees what it scores by. */
    @Override
    default void close() {}
  }

  /** By a model. */
  private record ModelScoring(RoleContext context, Model model, PredictionRowMaker rows)
      implements Scoring {
    @Override
    public long run(SampleSource samples, PredictionOptions options) throws IOException {
      return worker(options).run(samples, context.outputDirectory());
    }

    @Override
    public void writeOutput(PredictionOptions options) throws IOException {
      worker(options).mergeVectors(context.outputDirectory());
    }

    @Override
    public void close() {
      model.close();
    }

    private PredictionWorker worker(PredictionOptions options) {
      return new PredictionWorker(context.hadoop(), options, model, rows, context.status());
    }
  }

  private static Scoring model(
      RoleContext context,
      PredictionPlan plan,
      FeatureSchema schema,
      PredictionRowMaker rows,
      ComputeDevice device)
      throws IOException {
    Model model =
        CheckpointModel.isCheckpoint(context.hadoop(), plan.model())
            ? new CheckpointLoading(context, store(context))
                .load(plan.model(), schema, samples(context, plan, plan.split()))
            : model(context, plan, schema);
    return new ModelScoring(context, model.on(device), rows);
  }

  private static Model model(RoleContext context, PredictionPlan plan, FeatureSchema schema)
      throws IOException {
    Model model = Model.load(context.hadoop(), plan.model(), schema);
    if (!model.needsVectors()) {
      return model;
    }
    FeatureSnapshot pictures = store(context).snapshotAsOf(context.settings().date());
    requireExtractor(plan.model(), model.description().extractorId(), pictures.extractorId());
    return model.with(
        PictureVectors.copy(
            pictures,
            WantedImages.of(samples(context, plan, plan.split())),
            Model.scaling(context.hadoop(), plan.model()),
            model.description().training().vectorPrecision(),
            vectorBytes()));
  }

  /** Cosines of another extractor's vectors mean something else. */
  private static void requireExtractor(Path model, String there, String here) {
    if (!there.equals(here)) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot use the model %s: it compares vectors of the extractor %s, here it is %s."
              .formatted(model, there, here));
    }
  }

  /** Most bytes of pictures' vectors that a predictor has in memory; more go to its disk. */
  static long vectorBytes() {
    return Runtime.getRuntime().maxMemory() / VECTOR_HEAP_PARTS;
  }

  private static Scoring means(
      RoleContext context,
      PredictionPlan plan,
      SampleManifest manifest,
      PredictionRowMaker rows,
      MeanKind kind)
      throws IOException {
    MeanPredictor means =
        MeanPredictor.learn(
            kind,
            rows,
            manifest.train(),
            new NegativeSampling(manifest.negativeKeepFraction()),
            samples(context, plan, SampleSplit.TRAIN));
    return (samples, options) ->
        means.run(context.hadoop(), samples, context.outputDirectory(), options, context.status());
  }

  /** All samples of a split: which leases this predictor will score is not known before. */
  private static SampleSource samples(RoleContext context, PredictionPlan plan, SampleSplit split)
      throws IOException {
    return SampleFiles.sequential(
        context.hadoop(), new Path(plan.samples(), split.directory()), context.schema(), 0, 1);
  }

  /** With the pictures of the run's day, or of the last day before it that has any. */
  private static PredictionRowMaker rows(
      RoleContext context, PredictionPlan plan, SampleManifest manifest) throws IOException {
    return new PredictionRowMaker(
        ItemStatistics.load(context.hadoop(), plan.samples()),
        KnownImages.of(store(context).snapshotAsOf(context.settings().date())),
        plan.scoredNegatives(manifest));
  }

  private static FeatureStore store(RoleContext context) {
    return FeatureStore.open(
        context.hadoop(),
        context.settings().workspace().features(context.assignment().getExtractorId()));
  }

  private static PredictionOptions options(
      RoleContext context, PredictionPlan plan, SampleManifest manifest) {
    int workers = context.assignment().getWorkers();
    return new PredictionOptions(
        context.member().index(),
        workers,
        ContainerSettings.batchSize(context.conf()),
        ContainerSettings.threads(context.conf()),
        plan.totals(manifest).impressions() / workers);
  }
}
