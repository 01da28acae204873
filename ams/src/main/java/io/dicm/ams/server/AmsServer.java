package io.dicm.ams.server;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.SnapshotConsumer;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.dense.DenseParameters;
import io.dicm.ams.embedding.EmbeddingTable;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.proto.JoinReply;
import io.dicm.ams.reduce.ReplicaExchange;
import io.dicm.ams.reduce.RoundNumbers;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.shard.VectorControl;
import io.dicm.ams.window.AsynchronousWindow;
import io.dicm.ams.window.OrderedWindow;
import io.dicm.ams.window.StepSchedule;
import io.dicm.ams.window.StepWindow;
import io.dicm.ams.wire.CallHeaders;
import io.dicm.ams.wire.Transport;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.security.ApplicationSecret;
import io.dicm.feature.store.FeatureSnapshot;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Advanced Model Server (arXiv 1711.06505, section 4): holds the image vectors of its buckets,
 * a replica of the sub-model, the ID embeddings of its buckets and a range of the workers' dense
 * parameters, and trains them with the workers, step by step.
 *
 * <p>To be called in this order, from one thread: {@link #load}, {@link #restore} or {@link
 * #warmStart} and {@link #checkpointEvery} where wanted, {@link #start}, {@link #connectPeers}
 * (needed only with more than one server), and when all workers have left {@link #writeModelPart}
 * and {@link #checkpointLast}; {@link #close} at any time. {@link #statistics} is safe for use by
 * many threads.
 */
public final class AmsServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AmsServer.class);

  private static final long ASK_TIMEOUT_MS = 60_000;
  private static final long WRITE_TIMEOUT_MS = 3_600_000;

  private final AmsServerOptions options;
  private final CallHeaders headers;
  private final Transport transport;
  private final TrafficCounter traffic = new TrafficCounter();
  private final MemoryBudget trainingMemory;
  private final EmbeddingTable embeddings;
  private final DenseParameters dense;
  private final PeerLinks peers;
  private final ComputeThread compute;
  private final ComputeCrew crew;

  private ServerImages images;
  private ServerModel model;
  private ServerState state;
  private Optional<TierService> tiers = Optional.empty();
  private StepWindow window;
  private RpcListener listener;
  private long firstStep;
  private SnapshotThread snapshots;

  /**
   * A server without encryption.
   *
   * @param secret that every call to this server must carry
   */
  public AmsServer(AmsServerOptions options, ApplicationSecret secret) {
    this(options, secret, Transport.plain());
  }

  /**
   * @param secret that every call to this server must carry
   * @param transport to this server and from it to the others
   */
  public AmsServer(AmsServerOptions options, ApplicationSecret secret, Transport transport) {
    this.transport = transport;
    this.options = options;
    this.headers = new CallHeaders(secret, options.epoch());
    OptimizerOptions optimizers = options.optimizers();
    this.trainingMemory =
        new MemoryBudget(
            "the ID embeddings and open steps' images of server " + options.index(),
            "Give the servers more memory or use more of them ("
                + DicmKeys.YARN_SERVER_MEMORY_MB
                + ", "
                + DicmKeys.TRAIN_SERVERS
                + "), use smaller batches or less "
                + DicmKeys.TRAIN_STALENESS
                + ", or train fewer IDs ("
                + DicmKeys.TRAIN_ID_ADMISSION_COUNT
                + ", "
                + DicmKeys.TRAIN_ID_EXPIRY_STEPS
                + "). While a checkpoint is written, rows that change take their room twice."
                + " Vectors of other servers' images, which SimTier keeps ("
                + DicmKeys.TRAIN_PEER_VECTORS_MB
                + "), count as well.",
            options.embeddings().memoryLimitBytes());
    this.crew = new ComputeCrew("ams-" + options.index() + "-crew-", options.threads());
    this.embeddings =
        new EmbeddingTable(
            optimizers.ofRows(options.rowColumns()),
            options.seed(),
            optimizers.idL2(),
            options.embeddings().shareOf(options.servers()),
            trainingMemory,
            crew);
    this.dense = new DenseParameters(options.index(), options.servers(), optimizers.networks());
    this.peers =
        new PeerLinks(
            options.index(),
            options.servers(),
            options.windowTimeoutMs(),
            headers,
            transport,
            traffic);
    this.compute = new ComputeThread("ams-" + options.index() + "-compute");
  }

  /**
   * Loads this server's image vectors.
   *
   * @throws DicmException {@code MEMORY_PLAN_TOO_LARGE} when they do not fit the limit, {@code
   *     STORE_CORRUPT}, {@code STORAGE_FAILED}
   */
  public void load(FeatureSnapshot snapshot, ProgressListener progress) {
    load(snapshot, new VectorControl.None(), progress);
  }

  /**
   * Loads this server's image vectors and does something to them.
   *
   * @throws DicmException as the other one; {@code CONFIGURATION_INVALID} for a control where
   *     workers run the sub-model, whose vectors are not all this server's
   */
  public void load(FeatureSnapshot snapshot, VectorControl control, ProgressListener progress) {
    images = ServerImages.load(snapshot, control, options, crew, trainingMemory, progress);
    state = new ServerState(options, images.decision(), images.subModel(), embeddings, dense);
  }

  /**
   * Goes on from a checkpoint, which any number of servers may have written; between {@link #load}
   * and {@link #start}. All servers of the gang must take the same one.
   *
   * @param progress told IDs read
   * @throws DicmException {@code SCHEMA_MISMATCH} when it is of another kind of training, {@code
   *     STORE_CORRUPT}, {@code STORAGE_FAILED}
   */
  public void restore(Checkpoint checkpoint, ProgressListener progress) {
    try {
      state.restore(checkpoint, progress);
    } catch (IOException e) {
      throw unreadable(e);
    }
    firstStep = checkpoint.manifest().steps();
    LOG.info("Server {} goes on from step {}.", options.index(), firstStep);
  }

  /**
   * Begins a new training, at step 0, with what an earlier one has learned; between {@link #load}
   * and {@link #start}. All servers of the gang must take the same.
   *
   * @throws DicmException as {@link #restore}; the seeds may differ
   */
  public void warmStart(Checkpoint checkpoint, WarmStartMode mode, ProgressListener progress) {
    try {
      state.warmStart(checkpoint, mode, progress);
    } catch (IOException e) {
      throw unreadable(e);
    }
    LOG.info("Server {} begins with a {} warm start.", options.index(), mode);
  }

  private static DicmException unreadable(IOException cause) {
    return new DicmException(
        ErrorCode.STORAGE_FAILED, "Cannot read the checkpoint: " + cause.getMessage(), cause);
  }

  /**
   * Has a snapshot taken after every so many steps and given to {@code consumer} on a thread of its
   * own; before {@link #start}. When a snapshot could not be written, a later step fails.
   *
   * @param steps 1 or more
   */
  public void checkpointEvery(long steps, SnapshotConsumer consumer) {
    snapshots =
        new SnapshotThread(
            "ams-" + options.index() + "-checkpoint", steps, consumer, options.windowTimeoutMs());
  }

  private void stepFinished(long steps) {
    embeddings.stepFinished(steps);
    if (snapshots != null) {
      snapshots.stepFinished(steps, state::snapshot);
    }
  }

  /** Waits until all snapshots taken so far are written; fails when one of them was not. */
  public void awaitCheckpoints() {
    if (snapshots != null) {
      compute.call(
          "write the checkpoint",
          WRITE_TIMEOUT_MS,
          () -> {
            snapshots.awaitWritten();
            return null;
          });
    }
  }

  /**
   * Has the state after the last step given to the consumer of {@link #checkpointEvery}, unless it
   * was before, and waits until that is written; when all workers have left.
   */
  public void checkpointLast() {
    if (snapshots != null) {
      List<Future<?>> unwritten =
          compute.call(
              "take the last checkpoint",
              ASK_TIMEOUT_MS,
              () -> snapshots.finish(window.finishedSteps(), state::snapshot));
      // Not on the compute thread: worker 0 asks for the dense parameters meanwhile.
      unwritten.forEach(writing -> SnapshotThread.await(writing, WRITE_TIMEOUT_MS));
    }
  }

  /**
   * Starts to listen.
   *
   * @return the port
   * @throws DicmException {@code PORT_IN_USE} when it cannot
   */
  public int start() {
    ReplicaExchange exchange =
        new ReplicaExchange(
            options.index(), options.servers(), images.subModel(), peers, compute, roundNumbers());
    OptimizerOptions optimizers = options.optimizers();
    OwnParameters own = new OwnParameters(embeddings, dense, optimizers, crew);
    model = new ServerModel(images.path(), own, exchange, optimizers);
    tiers = images.tiers(options, crew, peers, trainingMemory);
    window = window();
    AmsRpcService service =
        new AmsRpcService(
            compute,
            window,
            new RequestGuard(
                options.index(),
                options.servers(),
                images.path().rowLength(),
                options.rowColumns().width(),
                options.messageLimitBytes()),
            dense,
            exchange,
            tiers,
            welcome(),
            this::currentStatistics,
            traffic,
            peers::isConnected);
    listener = RpcListener.start(options, headers, transport, images.subModel().lengths(), service);
    return listener.port();
  }

  /** Without an order of steps each worker's have one of their own. */
  private RoundNumbers roundNumbers() {
    return options.staleness().isAsynchronous()
        ? new RoundNumbers(Collections.nCopies(options.workers(), firstStep))
        : RoundNumbers.ordered(firstStep);
  }

  private StepWindow window() {
    StepSchedule schedule =
        new StepSchedule(
            options.staleness(), firstStep, snapshots == null ? 0 : snapshots.stepsBetween());
    return options.staleness().isAsynchronous()
        ? new AsynchronousWindow(
            options.workers(),
            schedule,
            options.windowTimeoutMs(),
            model,
            compute,
            compute,
            this::stepFinished)
        : new OrderedWindow(
            options.workers(),
            schedule,
            options.windowTimeoutMs(),
            model,
            compute,
            compute,
            this::stepFinished);
  }

  private JoinReply welcome() {
    return JoinReply.newBuilder()
        .setImageRowLength(images.path().rowLength())
        .setEmbeddingDimension(options.rowColumns().width())
        .setFirstStep(firstStep)
        .setImageGradientLength(images.path().trainsImages() ? images.path().rowLength() : 0)
        .setStepsAhead(options.staleness().stepsAhead())
        .build();
  }

  /**
   * Tells where all servers are.
   *
   * @param hostPorts {@code host:port} by index, this server included
   */
  public void connectPeers(List<String> hostPorts) {
    peers.connect(hostPorts);
  }

  /**
   * Writes this server's ID embeddings, image codes and traffic, and on server 0 the sub-model,
   * below the model directory. The dense parameters are the workers' to write. Without a sub-model
   * the codes are the vectors themselves.
   *
   * @throws IllegalStateException where workers run the sub-model: the codes are theirs
   * @throws DicmException {@code TRAINING_DIVERGED}, before anything is written, when what was
   *     trained is not finite; {@code STORAGE_FAILED}
   */
  public void writeModelPart(Configuration conf, Path modelDirectory) {
    if (!options.strategy().compressesOnServers()) {
      throw new IllegalStateException("The workers of this server have the sub-model");
    }
    // What was trained is read on this thread from now on: worker 0 asks for the dense parameters
    // meanwhile.
    compute.call(
        "end the training",
        ASK_TIMEOUT_MS,
        () -> {
          state.requireFinite(window.finishedSteps());
          return null;
        });
    ModelPartWriter writer = new ModelPartWriter(conf, modelDirectory, options.index());
    try {
      writer.writeEmbeddings(embeddings);
      FeatureShard shard = images.shard().orElseThrow();
      writer.writeCodes(shard, images.subModel());
      writer.writeTraffic(ServerTraffic.of(options.index(), shard.dimension(), statistics()));
      if (options.index() == 0) {
        writer.writeSubModel(images.subModel(), shard.scaling());
      }
    } catch (IOException e) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED,
          "Cannot write the model part of server " + options.index() + ": " + e.getMessage(),
          e);
    }
  }

  /** What the server has done so far; it must have been started. */
  public ServerStatistics statistics() {
    return compute.call("read the statistics", ASK_TIMEOUT_MS, this::currentStatistics);
  }

  private ServerStatistics currentStatistics() {
    return new ServerStatistics(
        images.images(),
        images.path().references().missing(),
        window.updates(),
        window.waitMs(),
        model.computeNs() + tiers.map(TierService::computeNs).orElse(0L),
        images.path().references().unique(),
        images.path().references().total(),
        traffic.bytesIn(),
        traffic.bytesOut(),
        traffic.bytesByClass(),
        embeddings.statistics());
  }

  /** SHA-256 of the sub-model's values: after a step equal on all servers. */
  public String subModelDigest() {
    return compute.call("read the sub-model's digest", ASK_TIMEOUT_MS, images.subModel()::digest);
  }

  /** Stops listening, fails whoever waits, and frees all memory. May be called again. */
  @Override
  public void close() {
    if (listener != null) {
      listener.stop();
    }
    peers.close();
    compute.close();
    if (window != null) {
      // The thread that the window belonged to has ended.
      window.fail(new DicmException(ErrorCode.SERVICE_UNAVAILABLE, "The server is closing."));
    }
    if (snapshots != null) {
      snapshots.close();
    }
    if (listener != null) {
      listener.close();
    }
    tiers.ifPresent(TierService::close);
    if (images != null) {
      images.close();
      images = null;
    }
    crew.close();
    embeddings.close();
  }
}
