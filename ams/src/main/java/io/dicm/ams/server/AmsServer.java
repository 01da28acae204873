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
import io.dicm.ams.shard.ImageControl;
import io.dicm.ams.shard.VectorControl;
import io.dicm.ams.strategy.StorageStrategy;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.ams.submodel.SubModel;
import io.dicm.ams.window.AsynchronousWindow;
import io.dicm.ams.window.OrderedWindow;
import io.dicm.ams.window.StepSchedule;
import io.dicm.ams.window.StepWindow;
import io.dicm.ams.wire.CallHeaders;
import io.dicm.ams.wire.Channels;
import io.dicm.ams.wire.Transport;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.security.ApplicationSecret;
import io.dicm.feature.store.FeatureSnapshot;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
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

  private static final int RPC_THREADS = 4;
  private static final int EXCHANGE_OVERHEAD_BYTES = 1 << 16;
  private static final int OTHER_CALLS = 8;
  private static final long CLOSE_SECONDS = 5;
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
  private final ExecutorService rpcThreads;

  private FeatureShard shard;
  private SubModel subModel;
  private ImagePath images;
  private ServerModel model;
  private ServerState state;
  private StepWindow window;
  private Server server;
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
                + "). While a checkpoint is written, rows that change take their room twice.",
            options.embeddings().memoryLimitBytes());
    this.embeddings =
        new EmbeddingTable(
            options.embeddingDimension(),
            options.seed(),
            optimizers.ids(),
            optimizers.idL2(),
            options.embeddings().shareOf(options.servers()),
            trainingMemory);
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
    this.crew = new ComputeCrew("ams-" + options.index() + "-crew-", options.threads());
    this.rpcThreads = rpcThreads("ams-" + options.index() + "-rpc-");
  }

  private static ExecutorService rpcThreads(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return Executors.newFixedThreadPool(
        RPC_THREADS,
        task -> {
          Thread thread = new Thread(task, prefix + number.getAndIncrement());
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Loads this server's image vectors.
   *
   * @throws DicmException {@code MEMORY_PLAN_TOO_LARGE} when they do not fit the limit, {@code
   *     STORE_CORRUPT}, {@code STORAGE_FAILED}
   */
  public void load(FeatureSnapshot snapshot, ProgressListener listener) {
    load(snapshot, new VectorControl.None(), listener);
  }

  /**
   * Loads this server's image vectors and does something to them.
   *
   * @throws DicmException as the other one; {@code CONFIGURATION_INVALID} for a control where
   *     workers run the sub-model, whose vectors are not all this server's
   */
  public void load(FeatureSnapshot snapshot, VectorControl control, ProgressListener listener) {
    StorageStrategy strategy = options.strategy();
    if (!strategy.compressesOnServers() && control.kind() != ImageControl.NONE) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s=%s with the storage strategy %s: only servers that run the sub-model have controls. Leave it out."
              .formatted(DicmKeys.TRAIN_IMAGE_CONTROL, control.kind(), strategy));
    }
    if (strategy.servesImages()) {
      shard = loadShard(snapshot, control, listener);
      trainingMemory.extend(
          options.memoryLimitBytes()
              - FeatureShard.bytesFor(
                  shard.images(), snapshot.dimension(), options.vectorPrecision()));
    } else {
      trainingMemory.extend(options.memoryLimitBytes());
    }
    subModel =
        strategy.compressesOnServers()
            ? new SubModel(
                NetworkLayout.of(
                    snapshot.dimension(), options.missingImages() == MissingImages.LEARNED),
                options.shareSubModel(),
                options.seed(),
                options.optimizers().networks(),
                options.index(),
                options.servers(),
                crew)
            : SubModel.none();
    images =
        switch (strategy) {
          case AMS ->
              new CompressedImages(shard, subModel, options.missingImages(), crew, trainingMemory);
          case STORE_IN_SERVER -> new RawImages(shard);
          case STORE_IN_WORKER -> new NoImages();
        };
    state = new ServerState(options, subModel, embeddings, dense);
  }

  private FeatureShard loadShard(
      FeatureSnapshot snapshot, VectorControl control, ProgressListener listener) {
    try {
      FeatureShard loaded =
          FeatureShard.load(
              snapshot,
              control,
              options.index(),
              options.servers(),
              options.vectorPrecision(),
              options.memoryLimitBytes(),
              options.threads(),
              listener);
      LOG.info("Server {} holds {} image vectors.", options.index(), loaded.images());
      return loaded;
    } catch (IOException e) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED, "Cannot load the image vectors: " + e.getMessage(), e);
    }
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
            options.index(), options.servers(), subModel, peers, compute, roundNumbers());
    model = new ServerModel(images, embeddings, dense, exchange, options.optimizers());
    window = window();
    AmsRpcService service =
        new AmsRpcService(
            compute,
            window,
            new RequestGuard(
                options.index(),
                options.servers(),
                images.rowLength(),
                options.embeddingDimension(),
                options.messageLimitBytes()),
            dense,
            exchange,
            welcome(),
            this::currentStatistics,
            traffic,
            peers::isConnected);
    server = listen(service);
    LOG.info("Server {} listens at port {}.", options.index(), server.getPort());
    return server.getPort();
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
        .setImageRowLength(images.rowLength())
        .setEmbeddingDimension(options.embeddingDimension())
        .setFirstStep(firstStep)
        .setImageGradientLength(images.trainsImages() ? images.rowLength() : 0)
        .setStepsAhead(options.staleness().stepsAhead())
        .build();
  }

  private Server listen(AmsRpcService service) {
    InetSocketAddress address =
        options.bindHost().isEmpty()
            ? new InetSocketAddress(0)
            : new InetSocketAddress(options.bindHost(), 0);
    try {
      return transport
          .listen(NettyServerBuilder.forAddress(address))
          .executor(rpcThreads)
          .maxConcurrentCallsPerConnection(mostCallsAtATime())
          .addService(service)
          .intercept(headers.guard())
          .maxInboundMessageSize(mostMessageBytes())
          .permitKeepAliveTime(Channels.KEEP_ALIVE_SECONDS / 2, TimeUnit.SECONDS)
          .build()
          .start();
    } catch (IOException e) {
      throw new DicmException(
          ErrorCode.PORT_IN_USE, "Cannot listen at " + address + ": " + e.getMessage(), e);
    }
  }

  /** What workers may send, or what the servers tell each other of a network. */
  private int mostMessageBytes() {
    long network = IntStream.of(subModel.lengths()).max().orElse(0);
    long exchanged = network * Float.BYTES + EXCHANGE_OVERHEAD_BYTES;
    return (int)
        Math.min(Channels.MAX_MESSAGE_BYTES, Math.max(options.messageLimitBytes(), exchanged));
  }

  /**
   * More than a worker or server that keeps to the order has open: a request and gradients for each
   * step that it may be ahead. Who calls more often waits on its own side.
   */
  private int mostCallsAtATime() {
    return 2 * (options.staleness().stepsAhead() + 2) + OTHER_CALLS;
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
   * below the model directory. The dense parameters are the workers' to write. Only of servers that
   * compress images: others have no codes to write.
   *
   * @throws DicmException {@code TRAINING_DIVERGED}, before anything is written, when what was
   *     trained is not finite; {@code STORAGE_FAILED}
   */
  public void writeModelPart(Configuration conf, Path modelDirectory) {
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
      writer.writeCodes(shard, subModel);
      writer.writeTraffic(ServerTraffic.of(options.index(), shard.dimension(), statistics()));
      if (options.index() == 0) {
        writer.writeSubModel(subModel, shard.scaling());
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
        shard == null ? 0 : shard.images(),
        images.references().missing(),
        window.updates(),
        window.waitMs(),
        model.computeNs(),
        images.references().unique(),
        images.references().total(),
        traffic.bytesIn(),
        traffic.bytesOut(),
        traffic.bytesByClass(),
        embeddings.statistics());
  }

  /** SHA-256 of the sub-model's values: after a step equal on all servers. */
  public String subModelDigest() {
    return compute.call("read the sub-model's digest", ASK_TIMEOUT_MS, subModel::digest);
  }

  /** Stops listening, fails whoever waits, and frees all memory. May be called again. */
  @Override
  public void close() {
    if (server != null) {
      server.shutdownNow();
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
    rpcThreads.shutdownNow();
    awaitServerEnd();
    if (images != null) {
      images.close();
      subModel.close();
      images = null;
    }
    if (shard != null) {
      shard.close();
      shard = null;
    }
    crew.close();
    embeddings.close();
  }

  private void awaitServerEnd() {
    try {
      if (server != null && !server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("Server {} still had calls open when it closed.", options.index());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
