package io.dicm.ams.checkpoint;

import io.dicm.ams.submodel.SubModelShape;
import java.util.List;

/**
 * {@code checkpoint.json}: what makes the files of a directory one checkpoint.
 *
 * @param formatVersion of directory and files
 * @param steps finished steps, the same for all parts
 * @param seed of the training's initial values
 * @param embeddingDimension length of the ID embeddings
 * @param inputDimension length of the image vectors
 * @param subModel layers of the sub-model's networks; absent in the files of older versions, which
 *     had the usual ones
 * @param networkOptimizer name of the optimiser of sub-model and dense parameters
 * @param idOptimizer name of the optimiser of the ID embeddings
 * @param parts one for each server, in order
 */
public record CheckpointManifest(
    int formatVersion,
    long steps,
    long seed,
    int embeddingDimension,
    int inputDimension,
    SubModelShape subModel,
    String networkOptimizer,
    String idOptimizer,
    List<CheckpointPart> parts) {
  /** What this version writes and reads. */
  public static final int FORMAT_VERSION = 2;

  public CheckpointManifest {
    subModel = subModel == null ? SubModelShape.USUAL : subModel;
    parts = List.copyOf(parts);
  }

  /** The same training after so many steps, as these parts. */
  public CheckpointManifest at(long finishedSteps, List<CheckpointPart> itsParts) {
    return new CheckpointManifest(
        formatVersion,
        finishedSteps,
        seed,
        embeddingDimension,
        inputDimension,
        subModel,
        networkOptimizer,
        idOptimizer,
        itsParts);
  }
}
