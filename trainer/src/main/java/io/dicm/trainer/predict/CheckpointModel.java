package io.dicm.trainer.predict;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.embedding.EmbeddingVisitor;
import io.dicm.ams.embedding.IdHistory;
import io.dicm.ams.embedding.RowColumns;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.server.OptimizerOptions;
import io.dicm.ams.shard.VectorScaling;
import io.dicm.ams.submodel.CodeNetwork;
import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.ams.submodel.SubModel;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.trainer.model.ModelDescription;
import io.dicm.trainer.model.NetworkShape;
import java.io.IOException;
import java.util.function.LongPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Makes a {@link Model} of a checkpoint, which holds all that was trained but no codes of images:
 * those that are wanted are computed from the feature store's vectors. It scores as the servers
 * would have at the checkpoint's step. For one thread.
 */
public final class CheckpointModel {
  private static final String MANIFEST = "checkpoint.json";
  private static final String SHARED = "shared";
  private static final String AD = "ad";

  private final Path directory;
  private final Checkpoint checkpoint;
  private final OptimizerOptions optimizers;

  private CheckpointModel(Path directory, Checkpoint checkpoint, OptimizerOptions optimizers) {
    this.directory = directory;
    this.checkpoint = checkpoint;
    this.optimizers = optimizers;
  }

  /** Whether a directory is that of a checkpoint, not of a model. */
  public static boolean isCheckpoint(Configuration conf, Path directory) throws IOException {
    return directory.getFileSystem(conf).exists(new Path(directory, MANIFEST));
  }

  /**
   * Opens a checkpoint.
   *
   * @param optimizers those of its training
   * @throws DicmException {@link ErrorCode#INPUT_MISSING}, {@link ErrorCode#STORE_CORRUPT}; {@link
   *     ErrorCode#SCHEMA_MISMATCH} when its training had other optimisers
   */
  public static CheckpointModel open(
      Configuration conf, Path directory, OptimizerOptions optimizers) throws IOException {
    CheckpointModel model =
        new CheckpointModel(directory, Checkpoint.open(conf, directory), optimizers);
    CheckpointManifest manifest = model.manifest();
    model.require("networks' optimiser", manifest.networkOptimizer(), optimizers.networks().name());
    model.require("ID embeddings' optimiser", manifest.idOptimizer(), optimizers.ids().name());
    model.require(
        "optimiser of the IDs' weights",
        manifest.weightOptimizer(),
        optimizers.weightOptimizerName());
    return model;
  }

  /** What the checkpoint says of itself. */
  public CheckpointManifest manifest() {
    return checkpoint.manifest();
  }

  /**
   * Reads what was trained and computes the codes.
   *
   * @param description of the network that was trained, with the checkpoint's seed and steps
   * @param scaling of the vectors, as the training had it
   * @param pictures vectors of the wanted images
   * @param wantedImages tests keys of images whose codes are needed
   * @param crew computes the codes
   * @param memoryBytes most bytes of vectors in memory, where the network compares vectors
   * @throws DicmException {@link ErrorCode#SCHEMA_MISMATCH} when network or vectors do not fit
   */
  public Model model(
      ModelDescription description,
      VectorScaling scaling,
      FeatureSnapshot pictures,
      LongPredicate wantedImages,
      ComputeCrew crew,
      long memoryBytes)
      throws IOException {
    require("seed", manifest().seed(), description.training().seed());
    require("sub-model", manifest().subModel(), description.subModel());
    NetworkShape shape = description.network().shape();
    RowColumns columns = new RowColumns(shape.embeddingWidth(), shape.network().weightColumns());
    require("IDs' rows", manifest().rowColumns(), columns);
    require("dense parameters", checkpoint.denseLength(), description.network().layout().length());
    require("image vectors' length", manifest().inputDimension(), pictures.dimension());
    VectorTable adCodes = new VectorTable(description.codeDimension());
    VectorTable behaviorCodes = new VectorTable(description.codeDimension());
    try (SubModel subModel = subModel(crew)) {
      if (description.images().usesPictures()) {
        new CodeComputation(subModel, scaling, adCodes, behaviorCodes).run(pictures, wantedImages);
      }
      Model model =
          Model.of(
              description,
              checkpoint.dense(optimizers.networks()).values(),
              subModel.tensors(),
              embeddings(columns.width()),
              adCodes,
              behaviorCodes);
      return model.needsVectors()
          ? model.with(
              PictureVectors.copy(
                  pictures,
                  wantedImages,
                  scaling,
                  description.training().vectorPrecision(),
                  memoryBytes))
          : model;
    }
  }

  /** Whether a learned code stood for missing pictures, as only the networks' lengths say. */
  public boolean hasMissingCode() {
    SubModelShape shape = manifest().subModel();
    if (!shape.compresses()) {
      return false;
    }
    NetworkLayout with = NetworkLayout.of(manifest().inputDimension(), shape, true);
    return checkpoint.networkLength(isShared() ? SHARED : AD) == with.length();
  }

  private boolean isShared() {
    return manifest().parts().get(0).networkLengths().containsKey(SHARED);
  }

  private SubModel subModel(ComputeCrew crew) throws IOException {
    SubModelShape shape = manifest().subModel();
    if (!shape.compresses()) {
      return SubModel.none();
    }
    NetworkLayout layout = NetworkLayout.of(manifest().inputDimension(), shape, hasMissingCode());
    Optimizer optimizer = optimizers.networks();
    SubModel subModel = new SubModel(layout, isShared(), manifest().seed(), optimizer, 0, 1, crew);
    for (CodeNetwork network : subModel.networks()) {
      network.restore(
          checkpoint.networkUpdates(network.name()),
          checkpoint.network(network.name(), layout, optimizer));
    }
    return subModel;
  }

  private VectorTable embeddings(int dimension) throws IOException {
    VectorTable ids = new VectorTable(dimension);
    checkpoint.forEachEmbedding(
        optimizers.ofRows(manifest().rowColumns()),
        new EmbeddingVisitor<RuntimeException>() {
          @Override
          public void row(long key, IdHistory history, OptimizerState state) {
            ids.add(directory, key, state.values(), 0);
          }

          /** Has its initial embedding, as an unknown ID. */
          @Override
          public void candidate(long key, IdHistory history) {}
        });
    return ids;
  }

  private void require(String what, Object there, Object here) {
    if (!there.equals(here)) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot use the checkpoint "
              + directory
              + ": its "
              + what
              + " is "
              + there
              + ", here it is "
              + here
              + ". Give the configuration that it was trained with.");
    }
  }
}
