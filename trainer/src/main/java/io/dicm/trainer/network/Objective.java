package io.dicm.trainer.network;

/** What a training step minimises. */
public enum Objective {
  /** The loss of the whole network. */
  WHOLE,
  /** The loss of the model that a network's embeddings begin as (FNN's factorisation machine). */
  PRETRAINING,
  /** The loss of the image path alone, which then knows no IDs. */
  IMAGE_BRANCH
}
