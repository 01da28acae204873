package io.dicm.app.container;

import io.dicm.ams.client.AmsClient;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.compute.CrewCopies;
import io.dicm.ams.server.OptimizerOptions;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.SubModelChoice;
import io.dicm.ams.submodel.SubModelDecision;
import io.dicm.ams.wire.CallHeaders;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.pipeline.RunSamples;
import io.dicm.app.rpc.proto.Beginning;
import io.dicm.app.rpc.proto.MemberState;
import io.dicm.app.rpc.proto.Order;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.encode.ExtractorDescription;
import io.dicm.feature.store.FeatureManifest;
import io.dicm.feature.store.FeatureStore;
import io.dicm.trainer.lease.LeaseSize;
import io.dicm.trainer.model.AttentionKernels;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.ModelDescription;
import io.dicm.trainer.model.NetworkChoice;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.sample.ShuffleOptions;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.train.EpochSource;
import io.dicm.trainer.train.ModelWriter;
import io.dicm.trainer.train.TrainingBatches;
import io.dicm.trainer.train.TrainingOptions;
import io.dicm.trainer.train.TrainingResult;
import io.dicm.trainer.train.TrainingWorker;
import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the DICM network on its share of the samples, or on what it leases of them; worker 0
 * writes the dense parameters.
 */
final class WorkerProgram implements RoleProgram {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerProgram.class);

  @Override
  public void run(RoleContext context)
      throws IOException, InterruptedException, Orders.StoppedException {
    ComputeDevice device = context.device();
    context.conf().choice(DicmKeys.TRAIN_ARITHMETIC, Arithmetic.class).useForProcess();
    FeatureSchema schema = context.schema();
    SubModelDecision subModel =
        SubModelChoice.of(context.conf()).decide(extractor(context).dimension());
    NetworkShape shape = shape(context.conf(), schema, subModel);
    try (AttentionKernels kernels = AttentionKernels.on(device, shape);
        ComputeCrew crew =
            new ComputeCrew("worker-crew-", TrainingOptions.threads(context.conf()))) {
      ComputeDevice copying = device.copyingBy(new CrewCopies(crew));
      run(context, schema, new DicmNetwork(shape, copying, kernels));
    }
  }

  private static void run(RoleContext context, FeatureSchema schema, DicmNetwork network)
      throws IOException, InterruptedException, Orders.StoppedException {
    TrainingOptions options = options(context);
    try (TrainingBatches batches =
        new TrainingBatches(
            options, network.shape(), samples(context, schema), catalogue(context, network))) {
      // Before the servers' windows wait for it: after a restart there may be much to leave out.
      batches.skipTo(context.assignment().getStart().getFirstStep(), context.status());
      context.reach(MemberState.READY, Order.RUN);
      context.status().state(MemberState.RUNNING);
      train(context, schema, network, batches);
    }
  }

  private static void train(
      RoleContext context, FeatureSchema schema, DicmNetwork network, TrainingBatches batches)
      throws IOException, InterruptedException, Orders.StoppedException {
    try (AmsClient servers = connect(context)) {
      TrainingResult result =
          new TrainingWorker(
                  options(context), network, servers, batches, context.status(), context.status())
              .run();
      context.reach(MemberState.WORK_DONE, Order.WRITE_OUTPUT);
      if (context.member().index() == 0) {
        write(context, schema, network, servers.dense(), result);
      }
      context.finish();
    }
  }

  private static NetworkShape shape(
      DicmConfiguration conf, FeatureSchema schema, SubModelDecision subModel) {
    return NetworkChoice.of(conf)
        .shape(schema, ContainerSettings.embeddingDimension(conf))
        .withCodes(subModel.codeDimension());
  }

  private static TrainingOptions options(RoleContext context) {
    int workers = context.assignment().getWorkers();
    long impressions =
        SampleManifest.read(context.hadoop(), samplesDirectory(context)).train().impressions();
    return TrainingOptions.of(
        context.conf(), context.member().index(), workers, impressions / workers);
  }

  private static AmsClient connect(RoleContext context) {
    return new GrpcAmsClient(
        context.member().index(),
        context.orders().serverAddresses(),
        new CallHeaders(context.identity().secret(), context.assignment().getEpoch()),
        context.identity().transport(),
        // Longer than the servers' own waits, for workers, servers and a checkpoint: so their
        // reason is heard.
        4 * context.conf().nonNegativeLong(DicmKeys.TRAIN_WINDOW_TIMEOUT_MS),
        context.conf().choice(DicmKeys.TRAIN_ROW_PRECISION, RowPrecision.class));
  }

  private static EpochSource samples(RoleContext context, FeatureSchema schema) {
    ShuffleOptions shuffle = ShuffleOptions.of(context.conf());
    Path train = new Path(samplesDirectory(context), "train");
    int worker = context.member().index();
    int workers = context.assignment().getWorkers();
    if (!context.assignment().getLeased()) {
      return epoch ->
          SampleFiles.open(context.hadoop(), train, schema, worker, workers, epoch, shuffle);
    }
    LeaseSize size = LeaseSize.of(context.conf(), workers);
    return epoch ->
        SampleFiles.leased(
            context.hadoop(), train, schema, context.leases(), size, worker, epoch, shuffle);
  }

  private static ItemCatalogue catalogue(RoleContext context, DicmNetwork network)
      throws IOException {
    if (!network.shape().drawsItems()) {
      return ItemCatalogue.EMPTY;
    }
    ItemCatalogue catalogue = ItemCatalogue.load(context.hadoop(), samplesDirectory(context));
    if (catalogue.size() == 0) {
      LOG.warn("No item was clicked in training: there is nothing to tell behaviours from.");
    }
    return catalogue;
  }

  private static void write(
      RoleContext context,
      FeatureSchema schema,
      DicmNetwork network,
      float[] dense,
      TrainingResult result)
      throws IOException {
    DicmConfiguration conf = context.conf();
    TrainingOptions options = options(context);
    OptimizerOptions optimizers = OptimizerSettings.of(conf);
    ExtractorDescription extractor = extractor(context);
    ModelDescription description =
        ModelDescription.of(
            schema,
            network,
            SubModelChoice.of(conf).decide(extractor.dimension()).shape(),
            extractor.extractorId(),
            extractor.randomWeights(),
            new ModelDescription.Training(
                options.seed(),
                options.epochs(),
                result.steps(),
                options.batchSize(),
                options.workers(),
                conf.number(DicmKeys.TRAIN_LEARNING_RATE, 0, 1),
                optimizers.idRateRatio(),
                optimizers.ids().name(),
                ServerSettings.staleness(conf).steps(),
                conf.choice(DicmKeys.TRAIN_MISSING_IMAGE, MissingImages.class),
                SampleManifest.read(context.hadoop(), samplesDirectory(context))
                    .negativeKeepFraction(),
                ImageControlSettings.kind(conf),
                options.imageEpochs(),
                conf.choice(DicmKeys.TRAIN_VECTOR_PRECISION, VectorPrecision.class)));
    new ModelWriter(context.hadoop(), context.outputDirectory())
        .write(
            description
                .startedFrom(beginning(context))
                .trainedOn(RunSamples.run(conf, context.settings())),
            dense,
            result.curve());
  }

  /** What the training began with; null for initial values. */
  private static ModelDescription.Beginning beginning(RoleContext context) {
    if (!context.assignment().hasBeginning()) {
      return null;
    }
    Beginning from = context.assignment().getBeginning();
    return new ModelDescription.Beginning(
        from.getRun(), from.getDate(), from.getCheckpointDirectory(), from.getWarmStartMode());
  }

  /** What made the vectors that the servers hold, by the store's own word. */
  private static ExtractorDescription extractor(RoleContext context) {
    FeatureStore store =
        FeatureStore.open(
            context.hadoop(),
            context.settings().workspace().features(context.assignment().getExtractorId()));
    return FeatureManifest.read(context.hadoop(), store.partition(context.settings().date()))
        .extractor();
  }

  private static Path samplesDirectory(RoleContext context) {
    return RunSamples.directory(context.conf(), context.settings());
  }
}
