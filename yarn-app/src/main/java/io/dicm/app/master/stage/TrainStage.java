package io.dicm.app.master.stage;

import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.ams.server.AmsServerOptions;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.SubModelChoice;
import io.dicm.ams.submodel.SubModelDecision;
import io.dicm.app.container.ImageControlSettings;
import io.dicm.app.container.ServerSettings;
import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.launch.Role;
import io.dicm.app.master.checkpoint.CheckpointOrigin;
import io.dicm.app.master.checkpoint.CheckpointStore;
import io.dicm.app.master.checkpoint.StartPoint;
import io.dicm.app.master.checkpoint.WarmStart;
import io.dicm.app.master.recovery.BegunFrom;
import io.dicm.app.master.recovery.RunJournal;
import io.dicm.app.master.recovery.TrainingState;
import io.dicm.app.master.rm.RoleRequest;
import io.dicm.app.master.stop.StopRequest;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.encode.ExtractorDescription;
import io.dicm.trainer.lease.LeaseLedger;
import io.dicm.trainer.lease.LeaseSize;
import io.dicm.trainer.model.NetworkChoice;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.train.TrainingOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Samples and vectors to a model: a gang of Advanced Model Servers and workers. */
record TrainStage(
    StageContext context,
    GangRunner gangs,
    RunJournal journal,
    RestartBudget budget,
    MemoryGrowth growth,
    StopRequest stop)
    implements Stage {
  private static final Logger LOG = LoggerFactory.getLogger(TrainStage.class);

  @Override
  public StageName name() {
    return StageName.TRAIN;
  }

  @Override
  public StageResult run(ProgressListener progress) throws IOException, InterruptedException {
    PipelineSettings settings = context.settings();
    SampleManifest manifest = SampleManifest.read(context.hadoop(), context.samples());
    if (NetworkOptions.of(context.conf()).drawsItems()) {
      ItemCatalogue.require(context.hadoop(), context.samples());
    }
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
    ExtractorDescription extractor = context.extractor();
    SubModelDecision subModel = SubModelChoice.of(context.conf()).decide(extractor.dimension());
    LOG.info(subModel.reason());
    CheckpointOrigin origin = origin(extractor, subModel, manifest);
    Optional<TrainingState> earlier = journal.training();
    Optional<WarmStart> warm =
        earlier.isPresent()
            ? Optional.ofNullable(earlier.get().begunFrom()).map(BegunFrom::warmStart)
            : warmStart(extractor, origin);
    Optional<LeaseLedger> leases = leases(earlier.map(TrainingState::leases).orElse(Map.of()));
    TrainingJournal training = new TrainingJournal(journal, warm, leases);
    CheckpointStore store =
        new CheckpointStore(
            context.hadoop(),
            settings.workspace().checkpoints(settings.run()),
            origin.applicationId());
    Restarts restarts =
        new TrainingSupervisor(
                new TrainingGang(
                    context,
                    gangs,
                    requests,
                    growth,
                    store,
                    identity(subModel),
                    origin,
                    warm,
                    leases,
                    training,
                    stop,
                    progress),
                store,
                budget,
                growth,
                warm.<StartPoint>map(WarmStart::startPoint).orElseGet(StartPoint.Initial::new),
                training)
            .run();
    store.deleteEarlier();
    return StageResult.done(
        restarts.done(
            "%d impressions, %d passes, on %s%s"
                .formatted(
                    manifest.train().impressions(),
                    TrainingOptions.of(context.conf(), 0, 1, 0).passes(),
                    String.join(
                        " and ",
                        requests.stream().map(growth::applied).map(RoleRequest::toString).toList()),
                    warm.map(from -> ", from " + from).orElse(""))));
  }

  /**
   * Where workers wait for each other, leases would give a slow one no less.
   *
   * @param taken those that were given in an earlier attempt of the master
   */
  private Optional<LeaseLedger> leases(Map<Integer, List<Integer>> taken) throws IOException {
    if (!ServerSettings.staleness(context.conf()).isAsynchronous()) {
      return Optional.empty();
    }
    int workers = ContainerSettings.count(context.conf(), DicmKeys.TRAIN_WORKERS);
    TrainingOptions options = TrainingOptions.of(context.conf(), 0, workers, 0);
    return Optional.of(
        new LeaseLedger(
            SampleFiles.plan(
                context.hadoop(),
                new Path(context.samples(), "train"),
                context.schema(),
                LeaseSize.of(context.conf(), workers),
                OptionalLong.of(options.seed())),
            workers,
            options.passes(),
            taken));
  }

  /** What makes a checkpoint fit a training, without its steps and parts. */
  private CheckpointManifest identity(SubModelDecision subModel) {
    AmsServerOptions server = ServerSettings.of(context.conf(), 0, 1, 1, 1, "");
    return new CheckpointManifest(
        CheckpointManifest.FORMAT_VERSION,
        0,
        server.seed(),
        server.rowColumns().embedding(),
        server.rowColumns().weights(),
        subModel.inputDimension(),
        subModel.shape(),
        server.optimizers().networks().name(),
        server.optimizers().ids().name(),
        server.optimizers().weightOptimizerName(),
        List.of());
  }

  private CheckpointOrigin origin(
      ExtractorDescription extractor, SubModelDecision subModel, SampleManifest manifest) {
    PipelineSettings settings = context.settings();
    NetworkChoice choice = NetworkChoice.of(context.conf());
    return new CheckpointOrigin(
        context.history().applicationId(),
        settings.run(),
        settings.date(),
        extractor.extractorId(),
        context.schema().digest(),
        choice.images(),
        choice.aggregation(),
        subModel.shape(),
        choice.network(),
        choice.imageBranch(),
        ImageControlSettings.kind(context.conf()),
        manifest.negativeKeepFraction(),
        context.conf().choice(DicmKeys.TRAIN_MISSING_IMAGE, MissingImages.class),
        context.conf().choice(DicmKeys.TRAIN_VECTOR_PRECISION, VectorPrecision.class));
  }

  private Optional<WarmStart> warmStart(ExtractorDescription extractor, CheckpointOrigin origin)
      throws IOException {
    Optional<WarmStart> warm = WarmStart.find(context.conf(), context.settings().workspace());
    if (warm.isPresent()) {
      warm.get().requireNetwork(context.schema(), origin.choice(), origin.imageControl());
      warm.get().requirePictures(extractor, context.conf());
    }
    return warm;
  }
}
