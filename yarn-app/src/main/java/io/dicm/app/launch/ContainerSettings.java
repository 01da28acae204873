package io.dicm.app.launch;

import io.dicm.ams.embedding.RowColumns;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.feature.device.DeviceRequest;
import io.dicm.trainer.model.NetworkChoice;
import java.util.Arrays;

/**
 * Settings that several of client, master and containers read: each key with its one range, for the
 * client that checks, the master that asks and the process that runs.
 */
public final class ContainerSettings {
  private static final int MOST_CONTAINERS = 10_000;
  private static final int MOST_MEMORY_MB = 1 << 24;
  private static final int MOST_VCORES = 1024;
  private static final int MOST_GPUS = 64;
  private static final int MOST_BATCH_SIZE = 1 << 20;
  private static final int MOST_EMBEDDING_FLOATS = 4096;

  private ContainerSettings() {}

  /** Containers of a role. */
  public static int count(DicmConfiguration conf, String key) {
    return conf.integer(key, 1, MOST_CONTAINERS);
  }

  /** The size of a container, MiB. */
  public static int memoryMb(DicmConfiguration conf, String key) {
    return conf.integer(key, 1, MOST_MEMORY_MB);
  }

  /** The memory of a role's containers, shared out; what servers train is outside their heap. */
  public static ContainerMemory memory(DicmConfiguration conf, String role, String key) {
    String heapFraction =
        key.equals(DicmKeys.YARN_SERVER_MEMORY_MB)
            ? DicmKeys.YARN_SERVER_HEAP_FRACTION
            : DicmKeys.YARN_HEAP_FRACTION;
    return ContainerMemory.of(role, memoryMb(conf, key), conf.number(heapFraction, 0.05, 0.95));
  }

  /** Virtual cores of a container, or the compute threads that stand for them. */
  public static int vcores(DicmConfiguration conf, String key) {
    return conf.integer(key, 1, MOST_VCORES);
  }

  /** GPUs of a container; 0: none is asked for. */
  public static int gpus(DicmConfiguration conf, String key) {
    return conf.integer(key, 0, MOST_GPUS);
  }

  /** Whether containers of any role ask for GPUs. */
  public static boolean asksForGpus(DicmConfiguration conf) {
    return Arrays.stream(Role.values()).mapToInt(role -> gpus(conf, gpusKey(role))).sum() > 0;
  }

  /** Where a role's containers compute, and how many GPUs they ask for. */
  public static DeviceRequest device(DicmConfiguration conf, Role role) {
    return DeviceRequest.of(conf, deviceKey(role), gpusKey(role));
  }

  /** The key that says where a role's containers compute. */
  public static String deviceKey(Role role) {
    return switch (role) {
      case SERVER -> DicmKeys.YARN_SERVER_DEVICE;
      case WORKER -> DicmKeys.YARN_WORKER_DEVICE;
      case PREDICTOR -> DicmKeys.YARN_PREDICTOR_DEVICE;
    };
  }

  /** The key that sets the GPUs of a role's containers. */
  public static String gpusKey(Role role) {
    return switch (role) {
      case SERVER -> DicmKeys.YARN_SERVER_GPUS;
      case WORKER -> DicmKeys.YARN_WORKER_GPUS;
      case PREDICTOR -> DicmKeys.YARN_PREDICTOR_GPUS;
    };
  }

  /** Compute threads of a server, worker or predictor. */
  public static int threads(DicmConfiguration conf) {
    return vcores(conf, DicmKeys.TRAIN_THREADS);
  }

  /** Floats of an ID embedding, the same for servers and workers. */
  public static int embeddingDimension(DicmConfiguration conf) {
    return conf.integer(DicmKeys.MODEL_EMBEDDING_DIMENSION, 1, MOST_EMBEDDING_FLOATS);
  }

  /** What an ID's row is for the configured network, the same for servers and workers. */
  public static RowColumns rowColumns(DicmConfiguration conf) {
    NetworkChoice choice = NetworkChoice.of(conf);
    return new RowColumns(
        choice.readsEmbeddings() ? embeddingDimension(conf) : 0, choice.network().weightColumns());
  }

  /** Impressions of one step or pass. */
  public static int batchSize(DicmConfiguration conf) {
    return conf.integer(DicmKeys.TRAIN_BATCH_SIZE, 1, MOST_BATCH_SIZE);
  }
}
