package io.dicm.ams.checkpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.dicm.ams.embedding.RowColumns;
import io.dicm.ams.submodel.SubModelShape;
import java.util.List;

/**
 * {@code checkpoint.json}: what makes the files of a directory one checkpoint.
 *
 * @param formatVersion of directory and files
 * @param steps finished steps, the same for all parts
 * @param seed of the training's initial values
 * @param embeddingDimension length of the ID embeddings
 * @param weightColumns weights of each ID; not in the file where there are none
 * @param inputDimension length of the image vectors
 * @param subModel layers of the sub-model's networks; absent in the files of older versions, which
 *     had the usual ones
 * @param networkOptimizer name of the optimiser of sub-model and dense parameters
 * @param idOptimizer name of the optimiser of the ID embeddings
 * @param weightOptimizer name of the optimiser of the IDs' weights; empty, and not in the file,
 *     where there are none
 * @param parts one for each server, in order
 */
public record CheckpointManifest(
    int formatVersion,
    long steps,
    long seed,
    int embeddingDimension,
    @JsonInclude(Include.NON_DEFAULT) int weightColumns,
    int inputDimension,
    SubModelShape subModel,
    String networkOptimizer,
    String idOptimizer,
    @JsonInclude(Include.NON_EMPTY) String weightOptimizer,
    List<CheckpointPart> parts) {
  /** What this version writes and reads. */
  public static final int FORMAT_VERSION = 2;

  public CheckpointManifest {
    subModel = subModel == null ? SubModelShape.USUAL : subModel;
    weightOptimizer = weightOptimizer == null ? "" : weightOptimizer;
    parts = List.copyOf(parts);
  }

  /** Of a training with the usual sub-model whose IDs have no weights. */
  public CheckpointManifest(
      int formatVersion,
      long steps,
      long seed,
      int embeddingDimension,
      int inputDimension,
      String networkOptimizer,
      String idOptimizer,
      List<CheckpointPart> parts) {
    this(
        formatVersion,
        steps,
        seed,
        embeddingDimension,
        0,
        inputDimension,
        SubModelShape.USUAL,
        networkOptimizer,
        idOptimizer,
        "",
        parts);
  }

  /** What an ID's row is. */
  public RowColumns rowColumns() {
    return new RowColumns(embeddingDimension, weightColumns);
  }

  /** The same training's after other steps, with other parts. */
  public CheckpointManifest at(long otherSteps, List<CheckpointPart> otherParts) {
    return new CheckpointManifest(
        formatVersion,
        otherSteps,
        seed,
        embeddingDimension,
        weightColumns,
        inputDimension,
        subModel,
        networkOptimizer,
        idOptimizer,
        weightOptimizer,
        otherParts);
  }
}
