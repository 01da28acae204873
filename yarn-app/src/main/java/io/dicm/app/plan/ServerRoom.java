package io.dicm.app.plan;

import io.dicm.ams.server.AmsServerOptions;
import io.dicm.app.container.ServerSettings;
import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.launch.Role;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;

/**
 * What a server's container gives to the data that the server holds.
 *
 * @param memory of the container, shared out
 * @param vectorBytes most bytes of image vectors
 * @param dataBytes most bytes of vectors and ID embeddings together
 * @param nameBytes most bytes of the images' keys and names, in the heap
 */
public record ServerRoom(ContainerMemory memory, long vectorBytes, long dataBytes, long nameBytes) {
  /** Of the heap, half is for keys and names; the serial collector leaves that much of -Xmx. */
  private static final double NAME_SHARE = 0.5 * 0.96;

  /**
   * By the settings that the servers read.
   *
   * @throws io.dicm.common.error.DicmException {@code CONFIGURATION_INVALID}
   */
  public static ServerRoom of(DicmConfiguration conf, int servers, int workers) {
    AmsServerOptions options = ServerSettings.of(conf, 0, servers, workers, 1, "");
    ContainerMemory memory =
        ContainerSettings.memory(conf, Role.SERVER.label(), DicmKeys.YARN_SERVER_MEMORY_MB);
    return new ServerRoom(
        memory,
        options.memoryLimitBytes(),
        options.memoryLimitBytes() + options.embeddings().memoryLimitBytes(),
        (long) (((long) memory.heapMb() << 20) * NAME_SHARE));
  }
}
