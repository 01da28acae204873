package io.dicm.trainer.bench;

import io.dicm.ams.client.AmsClient;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.server.AmsServer;
import io.dicm.ams.server.AmsServerOptions;
import io.dicm.ams.server.OptimizerOptions;
import io.dicm.ams.server.ServerStatistics;
import io.dicm.ams.strategy.ServedVectors;
import io.dicm.ams.strategy.StorageStrategy;
import io.dicm.ams.strategy.VectorFile;
import io.dicm.ams.strategy.VectorSource;
import io.dicm.ams.strategy.WorkerSubModelClient;
import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.ams.submodel.SubModel;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.security.ApplicationSecret;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.train.TrainingOptions;
import io.dicm.trainer.train.TrainingResult;
import io.dicm.trainer.train.TrainingWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Servers and workers of one strategy, all in this process. For one thread. */
final class StrategyGang implements AutoCloseable {
  private static final long EPOCH = 1;
  private static final long SEED = 1;
  private static final float LEARNING_RATE = 0.001f;
  private static final long TIMEOUT_MS = 120_000;
  private static final long LIMIT_HOURS = 2;

  private static final Logger LOG = LoggerFactory.getLogger(StrategyGang.class);

  private final StorageStrategy strategy;
  private final StrategyPlan plan;
  private final DicmNetwork network;
  private final BenchmarkSamples data;
  private final ApplicationSecret secret = ApplicationSecret.generate();
  private final List<AmsServer> servers = new ArrayList<>();
  private final List<AmsClient> clients = new ArrayList<>();
  private final List<VectorFile> files = new ArrayList<>();
  private final List<LimitedSource> sources = new ArrayList<>();

  StrategyGang(
      StorageStrategy strategy, StrategyPlan plan, DicmNetwork network, BenchmarkSamples data)
      throws IOException {
    this.strategy = strategy;
    this.plan = plan;
    this.network = network;
    this.data = data;
    try {
      start();
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void start() throws IOException {
    List<String> hostPorts = new ArrayList<>();
    for (int index = 0; index < plan.servers(); index++) {
      AmsServer server = new AmsServer(options(index), secret);
      servers.add(server);
      server.load(data.pictures(), ProgressListener.NONE);
      hostPorts.add("localhost:" + server.start());
    }
    servers.forEach(server -> server.connectPeers(hostPorts));
    for (int worker = 0; worker < plan.workers(); worker++) {
      clients.add(
          withSubModel(
              new GrpcAmsClient(
                  worker, hostPorts, secret, EPOCH, 2 * TIMEOUT_MS, plan.precision())));
    }
  }

  private AmsServerOptions options(int index) {
    return AmsServerOptions.of(index, plan.servers(), plan.workers())
        .embeddingDimension(plan.embeddingDimension())
        .optimizers(OptimizerOptions.adam(LEARNING_RATE))
        .seed(SEED)
        .strategy(strategy)
        .windowTimeoutMs(TIMEOUT_MS)
        .epoch(EPOCH)
        .threads(plan.threads())
        .build();
  }

  private AmsClient withSubModel(AmsClient client) throws IOException {
    if (strategy.compressesOnServers()) {
      return client;
    }
    SubModel subModel =
        new SubModel(
            NetworkLayout.of(data.pictures().dimension()),
            false,
            SEED,
            new Adam(),
            0,
            1,
            ComputeCrew.alone());
    return new WorkerSubModelClient(client, subModel, vectors());
  }

  private VectorSource vectors() throws IOException {
    if (strategy.servesImages()) {
      return new ServedVectors(data.pictures().dimension());
    }
    // The file goes when it is closed.
    Path path = Files.createTempFile("dicm-bench", ".float32");
    Files.delete(path);
    VectorFile file = VectorFile.create(data.pictures(), path);
    files.add(file);
    return file;
  }

  /** Trains so many steps with all workers at a time; gives their results by worker. */
  List<TrainingResult> train(int steps, ProgressListener progress)
      throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(plan.workers());
    try {
      List<Future<TrainingResult>> running = new ArrayList<>();
      for (int worker = 0; worker < plan.workers(); worker++) {
        LimitedSource source =
            LimitedSource.of(data.share(worker, plan.workers()), (long) steps * plan.batchSize());
        sources.add(source);
        TrainingWorker training = worker(worker, steps, source, progress);
        running.add(threads.submit(training::run));
      }
      return results(running);
    } finally {
      threads.shutdownNow();
    }
  }

  private TrainingWorker worker(
      int worker, int steps, LimitedSource source, ProgressListener progress) {
    TrainingOptions options =
        new TrainingOptions(
            worker,
            plan.workers(),
            plan.batchSize(),
            1,
            SEED,
            plan.threads(),
            (long) steps * plan.batchSize());
    return new TrainingWorker(
        options,
        network,
        clients.get(worker),
        epoch -> source,
        worker == 0 ? progress : ProgressListener.NONE);
  }

  private static List<TrainingResult> results(List<Future<TrainingResult>> running)
      throws InterruptedException {
    List<TrainingResult> results = new ArrayList<>();
    for (Future<TrainingResult> one : running) {
      try {
        results.add(one.get(LIMIT_HOURS, TimeUnit.HOURS));
      } catch (ExecutionException e) {
        throw e.getCause() instanceof DicmException known
            ? known
            : new DicmException(
                ErrorCode.INTERNAL, "Cannot measure: " + e.getCause(), e.getCause());
      } catch (TimeoutException e) {
        throw new DicmException(
            ErrorCode.INTERNAL,
            "Cannot measure: the training did not end within " + LIMIT_HOURS + " hours.",
            e);
      }
    }
    return results;
  }

  List<ServerStatistics> statistics() {
    return servers.stream().map(AmsServer::statistics).toList();
  }

  /** Bytes of the dense parameters that the workers offered when they joined. */
  long joinBytes() {
    return (long) plan.workers() * denseLength() * Float.BYTES;
  }

  /** The sub-model's share of the dense parameters; 0 where the servers have it. */
  double subModelShare() {
    return 1 - (double) network.layout().length() / denseLength();
  }

  private int denseLength() {
    int subModel =
        strategy.compressesOnServers()
            ? 0
            : 2 * NetworkLayout.of(data.pictures().dimension()).length();
    return network.layout().length() + subModel;
  }

  /** Bytes of vectors that workers read from disk. */
  long diskBytes() {
    return files.stream().mapToLong(VectorFile::bytesRead).sum();
  }

  /** Pictures that the samples referred to. */
  long imageReferences() {
    return sources.stream().mapToLong(LimitedSource::imageReferences).sum();
  }

  /** Pictures that workers asked for, each worker's step's once. */
  long uniqueImages() {
    return strategy.servesImages()
        ? statistics().stream().mapToLong(ServerStatistics::totalImageReferences).sum()
        : diskBytes() / (data.pictures().dimension() * (long) Float.BYTES);
  }

  @Override
  public void close() {
    clients.forEach(AmsClient::close);
    servers.forEach(AmsServer::close);
    for (VectorFile file : files) {
      try {
        file.close();
      } catch (IOException e) {
        LOG.warn("Cannot delete a file of vectors in the folder for temporary files", e);
      }
    }
  }
}
