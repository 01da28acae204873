package io.dicm.ams.checkpoint;

import java.util.List;

/**
 * {@code checkpoint.json}: what makes the files of a directory one checkpoint.
 *
 * @param formatVersion of directory and files
 * @param steps finished steps, the same for all parts
 * @param seed of the training's initial values
 * @param embeddingDimension length of the ID embeddings
 * @param inputDimension length of the image vectors
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
    String networkOptimizer,
    String idOptimizer,
    List<CheckpointPart> parts) {
  /** What this version writes and reads. */
  public static final int FORMAT_VERSION = 2;

  public CheckpointManifest {
    parts = List.copyOf(parts);
  }
}
