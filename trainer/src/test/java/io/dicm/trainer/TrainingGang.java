package io.dicm.trainer;

import io.dicm.ams.client.AmsClient;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.embedding.EmbeddingOptions;
import io.dicm.ams.embedding.RowColumns;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.LearningRate;
import io.dicm.ams.server.AmsServer;
import io.dicm.ams.server.AmsServerOptions;
import io.dicm.ams.server.OptimizerOptions;
import io.dicm.ams.server.ServerStatistics;
import io.dicm.ams.server.WeightOptimizer;
import io.dicm.ams.strategy.ServedVectors;
import io.dicm.ams.strategy.VectorFile;
import io.dicm.ams.strategy.VectorSource;
import io.dicm.ams.strategy.WorkerSubModelClient;
import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.ams.submodel.SubModel;
import io.dicm.ams.submodel.SubModelChoice;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.security.ApplicationSecret;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.trainer.model.AttentionKernels;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.ModelDescription;
import io.dicm.trainer.model.NetworkChoice;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.train.EpochSource;
import io.dicm.trainer.train.ModelWriter;
import io.dicm.trainer.train.TrainingBatches;
import io.dicm.trainer.train.TrainingListener;
import io.dicm.trainer.train.TrainingOptions;
import io.dicm.trainer.train.TrainingResult;
import io.dicm.trainer.train.TrainingWorker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A whole training in one JVM: real servers on loopback, real clients and one thread for each
 * worker, without YARN.
 */
public final class TrainingGang implements AutoCloseable {
  private static final long EPOCH = 1;
  private static final long MEMORY_LIMIT_BYTES = 1L << 30;
  private static final long TRAINING_LIMIT_MINUTES = 30;
  private static final double PRETRAIN_FRACTION = 0.2;

  private final Plan plan;
  private final AttentionKernels kernels;
  private final DicmNetwork network;
  private final ApplicationSecret secret = ApplicationSecret.generate();
  private final List<AmsServer> servers = new ArrayList<>();
  private final List<AmsClient> clients = new ArrayList<>();
  private final List<VectorFile> vectorFiles = new ArrayList<>();

  /** What to train. */
  public record Plan(
      FeatureSchema schema,
      ImageMode images,
      int embeddingDimension,
      int serverCount,
      int workerCount,
      int batchSize,
      int epochs,
      double learningRate,
      long seed,
      TrainingVariant variant) {
    /** In the usual way. */
    public Plan(
        FeatureSchema schema,
        ImageMode images,
        int embeddingDimension,
        int serverCount,
        int workerCount,
        int batchSize,
        int epochs,
        double learningRate,
        long seed) {
      this(
          schema,
          images,
          embeddingDimension,
          serverCount,
          workerCount,
          batchSize,
          epochs,
          learningRate,
          seed,
          TrainingVariant.USUAL);
    }

    /** The same in another way. */
    public Plan with(TrainingVariant other) {
      return new Plan(
          schema,
          images,
          embeddingDimension,
          serverCount,
          workerCount,
          batchSize,
          epochs,
          learningRate,
          seed,
          other);
    }
  }

  /**
   * The network on the side of IDs.
   *
   * @param imageEpochs passes in which the image path trains alone
   * @param pretrainFraction share of the epochs before a network with a pre-training is itself
   * @param optimizers of the servers; null: Adam for everything
   */
  public record NetworkPlan(
      NetworkOptions options,
      int imageEpochs,
      double pretrainFraction,
      OptimizerOptions optimizers) {
    /** With Adam. */
    public NetworkPlan(NetworkOptions options, int imageEpochs, double pretrainFraction) {
      this(options, imageEpochs, pretrainFraction, null);
    }

    /** Embedding &amp; MLP. */
    public static final NetworkPlan USUAL = new NetworkPlan(NetworkOptions.USUAL, 0, 0);

    /** A network as its paper has it. */
    public static NetworkPlan of(IdNetworkKind kind) {
      return new NetworkPlan(
          NetworkOptions.usual(kind), 0, kind.hasPretraining() ? PRETRAIN_FRACTION : 0);
    }
  }

  /** Opens a worker's samples. */
  @FunctionalInterface
  public interface Samples {
    EpochSource of(int worker, int workers);
  }

  /** Starts and connects the servers. */
  public TrainingGang(Plan plan, FeatureSnapshot snapshot) {
    this(plan, snapshot, server -> {});
  }

  /** With something to be done to each loaded server before it starts. */
  public TrainingGang(Plan plan, FeatureSnapshot snapshot, Consumer<AmsServer> beforeStart) {
    this.plan = plan;
    NetworkShape shape =
        new NetworkChoice(
                plan.images(),
                plan.variant().aggregation(),
                plan.variant().network().options(),
                plan.variant().network().imageEpochs() > 0)
            .shape(plan.schema(), plan.embeddingDimension())
            .withCodes(plan.variant().subModel().codeDimension(snapshot.dimension()));
    this.kernels = AttentionKernels.on(plan.variant().device(), shape);
    this.network = new DicmNetwork(shape, plan.variant().device(), kernels);
    List<String> addresses = new ArrayList<>();
    for (int index = 0; index < plan.serverCount(); index++) {
      AmsServer server = new AmsServer(serverOptions(index), secret);
      servers.add(server);
      server.load(snapshot, plan.variant().control(), ProgressListener.NONE);
      beforeStart.accept(server);
      addresses.add("localhost:" + server.start());
    }
    servers.forEach(server -> server.connectPeers(addresses));
    for (int worker = 0; worker < plan.workerCount(); worker++) {
      clients.add(
          withSubModel(
              new GrpcAmsClient(worker, addresses, secret, EPOCH, 65_000, RowPrecision.FLOAT32),
              snapshot));
    }
  }

  private AmsClient withSubModel(AmsClient client, FeatureSnapshot snapshot) {
    if (plan.variant().strategy().compressesOnServers()) {
      return client;
    }
    SubModel subModel =
        new SubModel(
            NetworkLayout.of(snapshot.dimension()),
            false,
            plan.seed(),
            new Adam(),
            0,
            1,
            ComputeCrew.alone());
    return new WorkerSubModelClient(client, subModel, vectors(snapshot));
  }

  private VectorSource vectors(FeatureSnapshot snapshot) {
    if (plan.variant().strategy().servesImages()) {
      return new ServedVectors(snapshot.dimension());
    }
    try {
      VectorFile file =
          VectorFile.create(
              snapshot, Files.createTempDirectory("vectors").resolve("vectors.float32"));
      vectorFiles.add(file);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Vectors' bytes that workers read from their disks. */
  public long diskBytes() {
    return vectorFiles.stream().mapToLong(VectorFile::bytesRead).sum();
  }

  private AmsServerOptions serverOptions(int index) {
    TrainingVariant variant = plan.variant();
    return AmsServerOptions.of(index, plan.serverCount(), plan.workerCount())
        .rowColumns(
            new RowColumns(
                network.shape().embeddingWidth(), network.shape().network().weightColumns()))
        .optimizers(optimizers())
        .seed(plan.seed())
        .subModel(SubModelChoice.of(variant.subModel()))
        .shareSubModel(variant.shareSubModel())
        .missingImages(variant.missingImages())
        .strategy(variant.strategy())
        .staleness(variant.staleness())
        .vectorPrecision(variant.vectorPrecision())
        .device(variant.device())
        .arithmetic(variant.arithmetic())
        .epoch(EPOCH)
        .memoryLimitBytes(MEMORY_LIMIT_BYTES)
        .embeddings(EmbeddingOptions.everyId(MEMORY_LIMIT_BYTES))
        .build();
  }

  private OptimizerOptions optimizers() {
    if (plan.variant().network().optimizers() != null) {
      return plan.variant().network().optimizers();
    }
    OptimizerOptions adam =
        new OptimizerOptions(
            LearningRate.constant((float) plan.learningRate()),
            new Adam(),
            new Adam(),
            plan.variant().idRateRatio(),
            0);
    return network.shape().network().weightColumns() > 0
        ? adam.withWeights(new WeightOptimizer(new Adam(), 1))
        : adam;
  }

  public DicmNetwork network() {
    return network;
  }

  /** A worker's connection, for steps by hand. */
  public AmsClient client(int worker) {
    return clients.get(worker);
  }

  /** Trains with all workers at a time; gives their results by worker. */
  public List<TrainingResult> train(Samples samples)
      throws InterruptedException, ExecutionException, TimeoutException {
    ExecutorService threads = Executors.newFixedThreadPool(plan.workerCount());
    try {
      List<Future<TrainingResult>> running = new ArrayList<>();
      for (int worker = 0; worker < plan.workerCount(); worker++) {
        TrainingWorker training = worker(worker, samples.of(worker, plan.workerCount()));
        running.add(threads.submit(training::run));
      }
      List<TrainingResult> results = new ArrayList<>();
      for (Future<TrainingResult> one : running) {
        results.add(one.get(TRAINING_LIMIT_MINUTES, TimeUnit.MINUTES));
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  private TrainingWorker worker(int worker, EpochSource source) {
    TrainingOptions options =
        new TrainingOptions(
            worker,
            plan.workerCount(),
            plan.batchSize(),
            plan.epochs(),
            plan.seed(),
            1,
            plan.variant().network().pretrainFraction() > 0 ? count(source) : 0,
            plan.variant().network().imageEpochs(),
            plan.variant().network().pretrainFraction());
    return new TrainingWorker(
        options,
        network,
        clients.get(worker),
        new TrainingBatches(
            options,
            network.shape(),
            source,
            network.shape().drawsItems() ? clickedItems(source) : ItemCatalogue.EMPTY),
        ProgressListener.NONE,
        TrainingListener.NONE);
  }

  /** What users clicked before, once for each click. */
  private static ItemCatalogue clickedItems(EpochSource source) {
    List<ItemCatalogue.Item> items = new ArrayList<>();
    try (SampleSource samples = source.open(0)) {
      for (Sample sample = samples.next(); sample != null; sample = samples.next()) {
        long[][] keys = sample.behaviors().idKeys();
        for (int t = 0; t < keys[0].length; t++) {
          int behavior = t;
          long[] ofItem = Arrays.stream(keys).mapToLong(field -> field[behavior]).toArray();
          items.add(new ItemCatalogue.Item(ofItem, 1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ItemCatalogue.of(items);
  }

  /** Impressions of an epoch. */
  private static long count(EpochSource source) {
    try (SampleSource samples = source.open(0)) {
      long count = 0;
      for (Sample sample = samples.next(); sample != null; sample = samples.next()) {
        count += sample.impressions().size();
      }
      return count;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The dense parameters, once all workers have finished. */
  public float[] dense() {
    return clients.get(0).dense();
  }

  /** What each server did. */
  public List<ServerStatistics> statistics() {
    return servers.stream().map(AmsServer::statistics).toList();
  }

  /** Waits until all checkpoints are written. */
  public void awaitCheckpoints() {
    servers.forEach(AmsServer::awaitCheckpoints);
  }

  /** Publishes the model, once all workers have finished. */
  public void publish(Configuration conf, Path directory, TrainingResult ofWorkerZero)
      throws IOException {
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, directory)) {
      servers.forEach(server -> server.writeModelPart(conf, publisher.staging()));
      ModelDescription.Training training =
          new ModelDescription.Training(
              plan.seed(),
              plan.epochs(),
              ofWorkerZero.steps(),
              plan.batchSize(),
              plan.workerCount(),
              plan.learningRate(),
              plan.variant().idRateRatio(),
              new Adam().name(),
              plan.variant().staleness().steps(),
              plan.variant().missingImages(),
              1.0,
              plan.variant().control().kind(),
              plan.variant().network().imageEpochs(),
              plan.variant().vectorPrecision());
      new ModelWriter(conf, publisher.staging())
          .write(
              ModelDescription.of(
                  plan.schema(), network, plan.variant().subModel(), "memory", true, training),
              dense(),
              ofWorkerZero.curve());
      publisher.publish();
    }
  }

  @Override
  public void close() {
    clients.forEach(AmsClient::close);
    servers.forEach(AmsServer::close);
    kernels.close();
    for (VectorFile file : vectorFiles) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
