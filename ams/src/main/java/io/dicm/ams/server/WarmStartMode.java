package io.dicm.ams.server;

/**
 * What a training takes from an earlier one's checkpoint (arXiv 1711.06505, section 5.3: the
 * warm-ups that are compared there). Whatever is taken comes with its optimiser's slots and counts
 * of updates; the step, and so the learning rate's schedule, begins again.
 */
public enum WarmStartMode {
  /** Sub-model, dense parameters and ID embeddings. */
  FULL,
  /** Sub-model and dense parameters; ID embeddings begin anew. */
  PARTIAL
}
