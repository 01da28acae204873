package io.dicm.ams.server;

import io.dicm.ams.embedding.EmbeddingOptions;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.strategy.StorageStrategy;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.window.Staleness;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * How one Advanced Model Server is set up; all but {@code index} and {@code bindHost} are the same
 * on all servers of a gang.
 *
 * @param index this server, 0..servers-1
 * @param servers how many there are
 * @param workers how many workers take part from step 0
 * @param embeddingDimension length of the ID embeddings
 * @param optimizers how parameters are updated
 * @param seed of all initial values
 * @param shareSubModel one sub-model network for ad and behaviour images instead of two
 * @param missingImages what stands for images that the feature store does not have
 * @param strategy where image vectors are held and compressed
 * @param staleness how far a step's parameters may lie behind
 * @param windowTimeoutMs longest wait for all workers of a step
 * @param epoch number of the gang's incarnation
 * @param threads compute threads
 * @param vectorPrecision of the image vectors in memory
 * @param memoryLimitBytes most bytes that the image vectors and their index may take
 * @param embeddings which IDs have an embedding and what memory all may take; the floor is that of
 *     all servers together. What the image vectors leave of theirs comes on top of the memory
 * @param bindHost name or address to listen at; empty: all of this machine's
 */
public record AmsServerOptions(
    int index,
    int servers,
    int workers,
    int embeddingDimension,
    OptimizerOptions optimizers,
    long seed,
    boolean shareSubModel,
    MissingImages missingImages,
    StorageStrategy strategy,
    Staleness staleness,
    long windowTimeoutMs,
    long epoch,
    int threads,
    VectorPrecision vectorPrecision,
    long memoryLimitBytes,
    EmbeddingOptions embeddings,
    String bindHost) {

  public AmsServerOptions {
    check(servers >= 1, "servers", servers, ">= 1");
    check(index >= 0 && index < servers, "index", index, "0.." + (servers - 1));
    check(workers >= 1, "workers", workers, ">= 1");
    check(embeddingDimension >= 1, "embedding dimension", embeddingDimension, ">= 1");
    check(windowTimeoutMs >= 1, "window timeout", windowTimeoutMs, ">= 1 ms");
    check(threads >= 1, "threads", threads, ">= 1");
    // Without an order of steps an open step's embedding could expire.
    check(
        !staleness.isAsynchronous() || embeddings.expirySteps() == 0,
        "embeddings' expiry",
        embeddings.expirySteps(),
        "0 in asynchronous training");
  }

  private static void check(boolean right, String name, Number value, String allowed) {
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
