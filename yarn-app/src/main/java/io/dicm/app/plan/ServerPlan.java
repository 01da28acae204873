package io.dicm.app.plan;

import io.dicm.ams.embedding.EmbeddingTable;
import io.dicm.ams.server.AmsServerOptions;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.submodel.SubModelDecision;
import io.dicm.app.container.ServerSettings;
import io.dicm.app.launch.ContainerSettings;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The memory of the Advanced Model Servers: what each will hold by counts of images and IDs,
 * against what its container gives. Servers refuse more than their room when they load, which is
 * after an extraction of hours; this says it before.
 *
 * @param servers one for each server
 * @param neededMb the least container with which all fit, MiB; nothing: more than any may have
 * @param lean a clearly smaller one with less heap, if there is one
 */
public record ServerPlan(
    List<ServerNeed> servers, OptionalInt neededMb, Optional<LeanServer> lean) {
  /** Values of the sub-model are held with their gradients. */
  private static final int GRADIENTS = 1;

  public ServerPlan {
    servers = List.copyOf(servers);
  }

  /**
   * The plan for these counts.
   *
   * @param idRows different IDs of all servers together, which may have been counted more than once
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID}
   */
  public static ServerPlan of(DicmConfiguration conf, VectorCounts vectors, long idRows) {
    int servers = ContainerSettings.count(conf, DicmKeys.TRAIN_SERVERS);
    int workers = ContainerSettings.count(conf, DicmKeys.TRAIN_WORKERS);
    AmsServerOptions options = ServerSettings.of(conf, 0, servers, workers, 1, "");
    ServerRoom room = ServerRoom.of(conf, servers, workers);
    long idBytes =
        EmbeddingTable.bytesFor(
            (idRows + servers - 1) / servers, options.optimizers().ofRows(options.rowColumns()));
    SubModelDecision subModel = options.subModel().decide(vectors.dimension());
    List<ServerNeed> needs = new ArrayList<>();
    long[] images = vectors.ofServers(servers);
    for (int server = 0; server < servers; server++) {
      needs.add(
          new ServerNeed(
              server,
              images[server],
              FeatureShard.bytesFor(images[server], vectors.dimension(), options.vectorPrecision()),
              FeatureShard.heapBytesFor(images[server]),
              idBytes,
              subModelBytes(options, subModel),
              room));
    }
    ServerNeed fullest = fullest(needs);
    ServerSizing sizing = new ServerSizing(conf, fullest, servers, workers);
    return new ServerPlan(needs, sizing.leastMb(), sizing.lean());
  }

  /** The server with the most images. */
  public ServerNeed fullest() {
    return fullest(servers);
  }

  private static ServerNeed fullest(List<ServerNeed> needs) {
    return needs.stream().max(Comparator.comparingLong(ServerNeed::images)).orElseThrow();
  }

  /**
   * Refuses vectors that no server will load.
   *
   * @throws DicmException {@link ErrorCode#MEMORY_PLAN_TOO_LARGE} with what is needed and what is
   *     there
   */
  public void requireVectorsFit() {
    ServerNeed fullest = fullest();
    if (fullest.vectorsFit()) {
      return;
    }
    boolean outside = fullest.vectorBytes() > fullest.room().vectorBytes();
    throw new DicmException(
        ErrorCode.MEMORY_PLAN_TOO_LARGE,
        "Cannot train with %d servers of %d MiB: server %d would hold %d images, whose %s need %d MiB of %d. Set %s=%s, or use more servers (%s) or %s=float16."
            .formatted(
                servers.size(),
                fullest.room().memory().totalMb(),
                fullest.server(),
                fullest.images(),
                outside ? "vectors" : "names",
                mib(outside ? fullest.vectorBytes() : fullest.nameBytes()),
                mib(outside ? fullest.room().vectorBytes() : fullest.room().nameBytes()),
                DicmKeys.YARN_SERVER_MEMORY_MB,
                neededMb.isPresent() ? neededMb.getAsInt() : "more than " + ServerSizing.MOST_MB,
                DicmKeys.TRAIN_SERVERS,
                DicmKeys.TRAIN_VECTOR_PRECISION));
  }

  private static long mib(long bytes) {
    return (bytes + (1 << 20) - 1) >> 20;
  }

  /** Networks of a sub-model, where there is one. */
  static int networks(AmsServerOptions options) {
    return options.shareSubModel() ? 1 : 2;
  }

  /** Memory of the sub-model in one server; 0 where there is none. */
  static long subModelBytes(AmsServerOptions options, SubModelDecision decision) {
    int copies = 1 + options.optimizers().networks().slots().size() + GRADIENTS;
    return (long) networks(options) * copies * decision.parameters() * Float.BYTES;
  }
}
