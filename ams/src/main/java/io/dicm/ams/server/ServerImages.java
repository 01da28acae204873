package io.dicm.ams.server;

import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.shard.ImageControl;
import io.dicm.ams.shard.ShardRows;
import io.dicm.ams.shard.VectorControl;
import io.dicm.ams.strategy.StorageStrategy;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.ams.submodel.SubModel;
import io.dicm.ams.submodel.SubModelDecision;
import io.dicm.ams.tier.PeerSource;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.store.FeatureSnapshot;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server has for pictures, by storage strategy: the vectors of its buckets, the sub-model,
 * and the way through both.
 *
 * @param shard the vectors, where servers hold them
 * @param decision the shape of the training's sub-model, wherever that is
 * @param subModel {@link SubModel#none} where there is none or workers run it
 * @param rows the vectors where the sub-model takes them from, closed with the path; nothing where
 *     there is none
 * @param path from image keys to what workers get
 */
record ServerImages(
    Optional<FeatureShard> shard,
    SubModelDecision decision,
    SubModel subModel,
    Optional<ShardRows> rows,
    ImagePath path)
    implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerImages.class);

  /**
   * Loads this server's vectors and makes the sub-model with its first values.
   *
   * @param crew computes
   * @param memory gets what the limit leaves beside the vectors
   * @throws DicmException {@code MEMORY_PLAN_TOO_LARGE} when the vectors do not fit the limit,
   *     {@code STORE_CORRUPT}, {@code STORAGE_FAILED}; {@code CONFIGURATION_INVALID} for a control
   *     where workers run the sub-model, whose vectors are not all this server's, and for a
   *     sub-model that the vectors do not allow
   */
  static ServerImages load(
      FeatureSnapshot snapshot,
      VectorControl control,
      AmsServerOptions options,
      ComputeCrew crew,
      MemoryBudget memory,
      ProgressListener listener) {
    StorageStrategy strategy = options.strategy();
    requireControllable(strategy, control.kind());
    SubModelDecision decision = decision(snapshot, options);
    Optional<FeatureShard> shard =
        strategy.servesImages()
            ? Optional.of(loadShard(snapshot, control, options, listener))
            : Optional.empty();
    SubModel subModel = SubModel.none();
    try {
      memory.extend(options.memoryLimitBytes() - bytes(shard, snapshot, options));
      if (strategy.compressesOnServers() && decision.shape().compresses()) {
        subModel = subModel(decision, options, crew);
      }
      Optional<ShardRows> rows = rows(shard, subModel, options, crew);
      return new ServerImages(
          shard, decision, subModel, rows, path(shard, subModel, rows, options, crew, memory));
    } catch (RuntimeException | Error e) {
      subModel.close();
      shard.ifPresent(FeatureShard::close);
      throw e;
    }
  }

  private static SubModelDecision decision(FeatureSnapshot snapshot, AmsServerOptions options) {
    SubModelDecision decision = options.subModel().decide(snapshot.dimension());
    decision.requirePartsFor(options.servers());
    if (options.missingImages() == MissingImages.LEARNED && !decision.shape().compresses()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s=learned with %s=%s: codes are learned with a sub-model."
              .formatted(DicmKeys.TRAIN_MISSING_IMAGE, DicmKeys.MODEL_SUB_MODEL, decision.shape()));
    }
    LOG.info("Server {}: {}", options.index(), decision.reason());
    return decision;
  }

  private static Optional<ShardRows> rows(
      Optional<FeatureShard> shard, SubModel subModel, AmsServerOptions options, ComputeCrew crew) {
    return shard
        .filter(held -> !subModel.networks().isEmpty())
        .map(held -> ShardRows.of(held, options.work(crew)));
  }

  private static ImagePath path(
      Optional<FeatureShard> shard,
      SubModel subModel,
      Optional<ShardRows> rows,
      AmsServerOptions options,
      ComputeCrew crew,
      MemoryBudget memory) {
    return switch (options.strategy()) {
      case AMS ->
          rows.isEmpty()
              ? new RawImages(shard.orElseThrow(), options.missingImages(), crew, memory)
              : new CompressedImages(
                  shard.orElseThrow(),
                  subModel,
                  options.missingImages(),
                  rows.orElseThrow(),
                  crew,
                  memory);
      case STORE_IN_SERVER ->
          new RawImages(shard.orElseThrow(), options.missingImages(), crew, memory);
      case STORE_IN_WORKER -> new NoImages();
    };
  }

  private static void requireControllable(StorageStrategy strategy, ImageControl control) {
    if (!strategy.compressesOnServers() && control != ImageControl.NONE) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s=%s with the storage strategy %s: only servers that run the sub-model have controls. Leave it out."
              .formatted(DicmKeys.TRAIN_IMAGE_CONTROL, control, strategy));
    }
  }

  private static FeatureShard loadShard(
      FeatureSnapshot snapshot,
      VectorControl control,
      AmsServerOptions options,
      ProgressListener listener) {
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

  private static long bytes(
      Optional<FeatureShard> shard, FeatureSnapshot snapshot, AmsServerOptions options) {
    return shard
        .map(
            held ->
                FeatureShard.bytesFor(
                    held.images(), snapshot.dimension(), options.vectorPrecision()))
        .orElse(0L);
  }

  private static SubModel subModel(
      SubModelDecision decision, AmsServerOptions options, ComputeCrew crew) {
    return new SubModel(
        NetworkLayout.of(
            decision.inputDimension(),
            decision.shape(),
            options.missingImages() == MissingImages.LEARNED),
        options.shareSubModel(),
        options.seed(),
        options.optimizers().networks(),
        options.index(),
        options.servers(),
        options.work(crew));
  }

  /** Images whose vectors the server holds. */
  long images() {
    return shard.map(held -> (long) held.images()).orElse(0L);
  }

  /**
   * What counts tier histograms, to be closed before this; nothing where workers run the sub-model.
   *
   * @param peers source of other servers' vectors
   * @param memory what they are taken of
   */
  Optional<TierService> tiers(
      AmsServerOptions options, ComputeCrew crew, PeerSource peers, MemoryBudget memory) {
    return shard
        .filter(held -> options.strategy().compressesOnServers())
        .map(held -> new TierService(options, held, crew, peers, memory));
  }

  /** Frees vectors and networks; after all steps. */
  @Override
  public void close() {
    path.close();
    subModel.close();
    shard.ifPresent(FeatureShard::close);
  }
}
