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
  MULTI_QUERY,
  /**
   * No codes: how many behaviours' vectors have which cosine to the shown item's, as a histogram
   * over tiers (SimTier; Sheng et al., CIKM 2024).
   */
  SIMTIER,
  /** Two attention channels, and the histogram beside them. */
  MULTI_QUERY_SIMTIER;

  /** Whether the shown item's image code decides about the weights. */
  public boolean asksWithAdCode() {
    return this == ATTENTIVE || this == MULTI_QUERY || this == MULTI_QUERY_SIMTIER;
  }

  /** Whether the behaviours' image codes are looked at. */
  public boolean poolsCodes() {
    return this != SIMTIER;
  }

  /** Whether tier histograms are. */
  public boolean countsTiers() {
    return this == SIMTIER || this == MULTI_QUERY_SIMTIER;
  }
}
