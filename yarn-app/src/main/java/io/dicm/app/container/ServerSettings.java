package io.dicm.app.container;

import io.dicm.ams.embedding.EmbeddingOptions;
import io.dicm.ams.server.AmsServerOptions;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.SubModelChoice;
import io.dicm.ams.window.Staleness;
import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.launch.Role;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;

/** How a server is set up by the configuration. */
public final class ServerSettings {
  private static final int MOST_PEER_VECTORS_MB = 1 << 20;

  /** Of the memory outside the heap, for image vectors, open steps' images and ID embeddings. */
  private static final double DATA_SHARE = 0.66;

  /** Of those, for image vectors: with default settings 36 % of the container. */
  private static final double VECTOR_SHARE = 0.78;

  private ServerSettings() {}

  /**
   * The options of one server of a gang.
   *
   * @param index this server, from 0
   * @param epoch the gang's incarnation
   * @param host name or address to listen at
   */
  public static AmsServerOptions of(
      DicmConfiguration conf, int index, int servers, int workers, long epoch, String host) {
    return of(conf, index, servers, workers, epoch, host, ComputeDevice.PROCESSOR);
  }

  /**
   * As {@link #of(DicmConfiguration, int, int, int, long, String)}, on a device.
   *
   * @param device where the sub-model is computed
   */
  static AmsServerOptions of(
      DicmConfiguration conf,
      int index,
      int servers,
      int workers,
      long epoch,
      String host,
      ComputeDevice device) {
    return AmsServerOptions.of(index, servers, workers)
        .rowColumns(ContainerSettings.rowColumns(conf))
        .optimizers(OptimizerSettings.of(conf))
        .seed(conf.longInteger(DicmKeys.TRAIN_SEED))
        .subModel(SubModelChoice.of(conf))
        .shareSubModel(conf.flag(DicmKeys.MODEL_SHARE_SUB_MODEL))
        .missingImages(conf.choice(DicmKeys.TRAIN_MISSING_IMAGE, MissingImages.class))
        .staleness(staleness(conf))
        .windowTimeoutMs(conf.nonNegativeLong(DicmKeys.TRAIN_WINDOW_TIMEOUT_MS))
        .epoch(epoch)
        .threads(ContainerSettings.threads(conf))
        .device(device)
        .arithmetic(conf.choice(DicmKeys.TRAIN_ARITHMETIC, Arithmetic.class))
        .vectorPrecision(conf.choice(DicmKeys.TRAIN_VECTOR_PRECISION, VectorPrecision.class))
        .memoryLimitBytes(vectorBytes(conf))
        .peerVectorBytes(
            (long) conf.integer(DicmKeys.TRAIN_PEER_VECTORS_MB, 0, MOST_PEER_VECTORS_MB) << 20)
        .embeddings(embeddings(conf))
        .bindHost(host)
        .build();
  }

  /** How far a step's parameters may lie behind. */
  public static Staleness staleness(DicmConfiguration conf) {
    return new Staleness(conf.integer(DicmKeys.TRAIN_STALENESS, -1, Staleness.MOST_STEPS));
  }

  private static EmbeddingOptions embeddings(DicmConfiguration conf) {
    return new EmbeddingOptions(
        conf.integer(DicmKeys.TRAIN_ID_ADMISSION_COUNT, 1, Integer.MAX_VALUE),
        conf.nonNegativeLong(DicmKeys.TRAIN_ID_EXPIRY_STEPS),
        conf.nonNegativeLong(DicmKeys.TRAIN_ID_FLOOR_ROWS),
        dataBytes(conf) - vectorBytes(conf));
  }

  /**
   * What image vectors may take; what they leave, ID embeddings and open steps' images may have
   * besides theirs: the server counts both as it runs.
   */
  private static long vectorBytes(DicmConfiguration conf) {
    return (long) (dataBytes(conf) * VECTOR_SHARE);
  }

  /** The container's native share, less room for the sub-model, gradients and gRPC. */
  private static long dataBytes(DicmConfiguration conf) {
    ContainerMemory memory =
        ContainerSettings.memory(conf, Role.SERVER.label(), DicmKeys.YARN_SERVER_MEMORY_MB);
    return (long) ((memory.totalMb() - memory.heapMb()) * DATA_SHARE) << 20;
  }
}
