package io.dicm.app.container;

import io.dicm.ams.server.AmsServerOptions;
import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.launch.Role;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;

/** How a server is set up by the configuration. */
public final class ServerSettings {
  private static final int MOST_EMBEDDING_FLOATS = 4096;

  private ServerSettings() {}

  /**
   * The options of one server of a gang.
   *
   * @param index this server, from 0
   * @param host name or address to listen at
   */
  public static AmsServerOptions of(
      DicmConfiguration conf, int index, int servers, int workers, String host) {
    return new AmsServerOptions(
        index,
        servers,
        workers,
        conf.integer(DicmKeys.MODEL_EMBEDDING_DIMENSION, 1, MOST_EMBEDDING_FLOATS),
        (float) conf.number(DicmKeys.TRAIN_LEARNING_RATE, 0, 1),
        conf.longInteger(DicmKeys.TRAIN_SEED),
        conf.flag(DicmKeys.MODEL_SHARE_SUB_MODEL),
        conf.nonNegativeLong(DicmKeys.TRAIN_WINDOW_TIMEOUT_MS),
        ServerProgram.FIRST_EPOCH,
        ContainerSettings.threads(conf),
        vectorBytes(conf),
        host);
  }

  /** The container's native share, less room for the sub-model, a step's tensors and gRPC. */
  private static long vectorBytes(DicmConfiguration conf) {
    ContainerMemory memory =
        ContainerSettings.memory(conf, Role.SERVER.label(), DicmKeys.YARN_SERVER_MEMORY_MB);
    return (long) ((memory.totalMb() - memory.heapMb()) * 0.6) << 20;
  }
}
