package io.dicm.trainer.model;

/** Where pictures enter the model: the paper's ablation, arXiv 1711.06505, table 3. */
public enum ImageMode {
  /** Nowhere: the baseline, Embedding &amp; MLP over IDs alone. */
  NONE,
  /** The shown item's picture. */
  AD,
  /** The pictures of the user's behaviours, pooled. */
  BEHAVIOR,
  /** Both. */
  JOINT;

  /** Whether the shown item's image code is an input of the multilayer perceptron. */
  public boolean concatenatesAd() {
    return this == AD || this == JOINT;
  }

  /** Whether behaviours' image codes are pooled into the multilayer perceptron. */
  public boolean poolsBehaviors() {
    return this == BEHAVIOR || this == JOINT;
  }

  /** Whether any pictures enter. */
  public boolean usesPictures() {
    return this != NONE;
  }
}
