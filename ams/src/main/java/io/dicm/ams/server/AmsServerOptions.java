package io.dicm.ams.server;

import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.compute.CrewCopies;
import io.dicm.ams.compute.TensorWork;
import io.dicm.ams.embedding.EmbeddingOptions;
import io.dicm.ams.embedding.RowColumns;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.strategy.StorageStrategy;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.SubModelChoice;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.ams.window.Staleness;
import io.dicm.ams.wire.Channels;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;

/**
 * How one Advanced Model Server is set up; all but {@code index} and {@code bindHost} are the same
 * on all servers of a gang.
 *
 * @param index this server, 0..servers-1
 * @param servers how many there are
 * @param workers how many workers take part from step 0
 * @param rowColumns what an ID's row is
 * @param optimizers how parameters are updated
 * @param seed of all initial values
 * @param subModel layers of the sub-model's networks
 * @param shareSubModel one sub-model network for ad and behaviour images instead of two
 * @param missingImages what stands for images that the feature store does not have
 * @param strategy where image vectors are held and compressed
 * @param staleness how far a step's parameters may lie behind
 * @param windowTimeoutMs longest wait for all workers of a step
 * @param epoch number of the gang's incarnation
 * @param threads compute threads
 * @param device where the sub-model is computed
 * @param arithmetic of its matrix products
 * @param vectorPrecision of the image vectors in memory
 * @param memoryLimitBytes most bytes outside the Java heap that the image vectors may take
 * @param peerVectorBytes most bytes of other servers' image vectors that are kept for tier
 *     histograms; a part of what embeddings and open steps share
 * @param embeddings which IDs have an embedding and what memory all may take; the floor is that of
 *     all servers together. What the image vectors leave of theirs comes on top of the memory
 * @param messageLimitBytes most bytes of a message that the server takes, and of an answer with its
 *     keys
 * @param bindHost name or address to listen at; empty: all of this machine's
 */
public record AmsServerOptions(
    int index,
    int servers,
    int workers,
    RowColumns rowColumns,
    OptimizerOptions optimizers,
    long seed,
    SubModelChoice subModel,
    boolean shareSubModel,
    MissingImages missingImages,
    StorageStrategy strategy,
    Staleness staleness,
    long windowTimeoutMs,
    long epoch,
    int threads,
    ComputeDevice device,
    Arithmetic arithmetic,
    VectorPrecision vectorPrecision,
    long memoryLimitBytes,
    long peerVectorBytes,
    EmbeddingOptions embeddings,
    int messageLimitBytes,
    String bindHost) {

  public AmsServerOptions {
    check(servers >= 1, "servers", servers, ">= 1");
    check(index >= 0 && index < servers, "index", index, "0.." + (servers - 1));
    check(workers >= 1, "workers", workers, ">= 1");
    check(
        (rowColumns.weights() > 0) == optimizers.weights().isPresent(),
        "number of weights of each ID",
        rowColumns.weights(),
        optimizers.weights().isPresent()
            ? ">= 1 with an optimiser of weights"
            : "0 without an optimiser of weights");
    check(windowTimeoutMs >= 1, "window timeout", windowTimeoutMs, ">= 1 ms");
    check(peerVectorBytes >= 0, "peers' vectors", peerVectorBytes, ">= 0 bytes");
    check(threads >= 1, "threads", threads, ">= 1");
    check(
        messageLimitBytes >= 1 && messageLimitBytes <= Channels.MAX_MESSAGE_BYTES,
        "message limit",
        messageLimitBytes,
        "1.." + Channels.MAX_MESSAGE_BYTES + " bytes");
    check(
        strategy.compressesOnServers() || missingImages == MissingImages.ZERO,
        "policy for missing images",
        missingImages,
        "ZERO where workers run the sub-model");
    // Without an order of steps an open step's embedding could expire.
    check(
        !staleness.isAsynchronous() || embeddings.expirySteps() == 0,
        "embeddings' expiry",
        embeddings.expirySteps(),
        "0 in asynchronous training");
  }

  /** Who computes the sub-model, with the help of a crew. */
  TensorWork work(ComputeCrew crew) {
    return new TensorWork(device.copyingBy(new CrewCopies(crew)), arithmetic, crew);
  }

  /** Options that are right for one server of a gang on one machine, to be changed. */
  public static Builder of(int index, int servers, int workers) {
    return new Builder(index, servers, workers);
  }

  /** Options under construction; each method sets the component of its name. For one thread. */
  public static final class Builder {
    private static final int EMBEDDING_DIMENSION = 12;
    private static final float LEARNING_RATE = 0.001f;
    private static final long WINDOW_TIMEOUT_MS = 60_000;
    private static final long PEER_VECTOR_BYTES = 64L << 20;

    private final int index;
    private final int servers;
    private final int workers;
    private int embeddingDimension = EMBEDDING_DIMENSION;
    private int weightColumns;
    private OptimizerOptions optimizers = OptimizerOptions.adam(LEARNING_RATE);
    private long seed = 1;
    private SubModelChoice subModel = SubModelChoice.of(SubModelShape.USUAL);
    private boolean shareSubModel;
    private MissingImages missingImages = MissingImages.ZERO;
    private StorageStrategy strategy = StorageStrategy.AMS;
    private Staleness staleness = Staleness.SYNCHRONOUS;
    private long windowTimeoutMs = WINDOW_TIMEOUT_MS;
    private long epoch = 1;
    private int threads = 1;
    private ComputeDevice device = ComputeDevice.PROCESSOR;
    private Arithmetic arithmetic = Arithmetic.FLOAT32;
    private VectorPrecision vectorPrecision = VectorPrecision.FLOAT32;
    private long memoryLimitBytes = Long.MAX_VALUE;
    private long peerVectorBytes = PEER_VECTOR_BYTES;
    private EmbeddingOptions embeddings = EmbeddingOptions.everyId(Long.MAX_VALUE);
    private int messageLimitBytes = Channels.serverLimitBytes(Runtime.getRuntime().maxMemory());
    private String bindHost = "localhost";

    private Builder(int index, int servers, int workers) {
      this.index = index;
      this.servers = servers;
      this.workers = workers;
    }

    /** Floats of each ID's embedding, and its weights. */
    public Builder rowColumns(RowColumns value) {
      return embeddingDimension(value.embedding()).weightColumns(value.weights());
    }

    /** Floats of each ID's embedding. */
    public Builder embeddingDimension(int value) {
      embeddingDimension = value;
      return this;
    }

    /** Weights of each ID; the optimisers must have one for them. */
    public Builder weightColumns(int value) {
      weightColumns = value;
      return this;
    }

    public Builder optimizers(OptimizerOptions value) {
      optimizers = value;
      return this;
    }

    public Builder seed(long value) {
      seed = value;
      return this;
    }

    public Builder subModel(SubModelChoice value) {
      subModel = value;
      return this;
    }

    public Builder shareSubModel(boolean value) {
      shareSubModel = value;
      return this;
    }

    public Builder missingImages(MissingImages value) {
      missingImages = value;
      return this;
    }

    public Builder strategy(StorageStrategy value) {
      strategy = value;
      return this;
    }

    public Builder staleness(Staleness value) {
      staleness = value;
      return this;
    }

    public Builder windowTimeoutMs(long value) {
      windowTimeoutMs = value;
      return this;
    }

    public Builder epoch(long value) {
      epoch = value;
      return this;
    }

    public Builder threads(int value) {
      threads = value;
      return this;
    }

    public Builder device(ComputeDevice value) {
      device = value;
      return this;
    }

    public Builder arithmetic(Arithmetic value) {
      arithmetic = value;
      return this;
    }

    public Builder vectorPrecision(VectorPrecision value) {
      vectorPrecision = value;
      return this;
    }

    public Builder memoryLimitBytes(long value) {
      memoryLimitBytes = value;
      return this;
    }

    public Builder peerVectorBytes(long value) {
      peerVectorBytes = value;
      return this;
    }

    public Builder embeddings(EmbeddingOptions value) {
      embeddings = value;
      return this;
    }

    public Builder messageLimitBytes(int value) {
      messageLimitBytes = value;
      return this;
    }

    public Builder bindHost(String value) {
      bindHost = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} naming what is out of its range
     */
    public AmsServerOptions build() {
      return new AmsServerOptions(
          index,
          servers,
          workers,
          new RowColumns(embeddingDimension, weightColumns),
          optimizers,
          seed,
          subModel,
          shareSubModel,
          missingImages,
          strategy,
          staleness,
          windowTimeoutMs,
          epoch,
          threads,
          device,
          arithmetic,
          vectorPrecision,
          memoryLimitBytes,
          peerVectorBytes,
          embeddings,
          messageLimitBytes,
          bindHost);
    }
  }

  private static void check(boolean right, String name, Object value, String allowed) {
    if (!right) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot set up the model server: "
              + name
              + " was "
              + value
              + ", allowed "
              + allowed
              + ".");
    }
  }
}
