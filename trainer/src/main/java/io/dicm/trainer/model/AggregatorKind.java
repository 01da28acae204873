package io.dicm.trainer.model;

/**
 * How the image codes of a user's behaviours become one vector of fixed width (arXiv 1711.06505,
 * section 4.2, and its comparison of them). Behaviours without a picture are left out of all;
 * without any behaviour the vector is zeros.
 */
public enum AggregatorKind {
  /** The latest ones side by side, the newest first; zeros where there are fewer. */
  CONCAT,
  /** In each dimension the largest value. */
  MAX,
  /** In each dimension the sum. */
  SUM,
  /** One attention channel, asked by the shown item's picture. */
  ATTENTIVE,
  /** Two attention channels, asked by the shown item's picture and by its ID embeddings. */
  MULTI_QUERY;

  /** Whether the pooled vector is the same whatever item is shown. */
  public boolean looksAtBehaviorsAlone() {
    return this == CONCAT || this == MAX || this == SUM;
  }

  /** Whether the shown item's image code decides about the weights. */
  public boolean asksWithAdCode() {
    return this == ATTENTIVE || this == MULTI_QUERY;
  }
}
