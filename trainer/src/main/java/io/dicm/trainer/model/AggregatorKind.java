package io.dicm.trainer.model;

import java.util.Locale;

/**
 * How the image codes of a user's behaviours become one vector of fixed width (arXiv 1711.06505,
 * section 4.2, and its comparison of them). Behaviours without a picture are left out of all;
 * without any behaviour the vector is zeros.
 */
public enum AggregatorKind {
  /** The latest ones side by side, the newest first; zeros where there are fewer. */
  CONCAT("the latest behaviours' codes side by side"),
  /** In each dimension the largest value. */
  MAX("the largest value of each dimension"),
  /** In each dimension the sum. */
  SUM("the sum"),
  /** One attention channel, asked by the shown item's picture. */
  ATTENTIVE("attention, asked by the shown picture"),
  /** Two attention channels, asked by the shown item's picture and by its ID embeddings. */
  MULTI_QUERY("attention twice, asked by the shown picture and the item's IDs"),
  /**
   * No codes: how many behaviours' vectors have which cosine to the shown item's, as a histogram
   * over tiers (SimTier; Sheng et al., CIKM 2024).
   */
  SIMTIER("how many behaviours' pictures are how like the shown one"),
  /** Two attention channels, and the histogram beside them. */
  MULTI_QUERY_SIMTIER("multi-query and simtier side by side");

  private final String summary;

  AggregatorKind(String summary) {
    this.summary = summary;
  }

  /** Its name in configuration, such as {@code multi-query}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The one of a {@link #label}. */
  public static AggregatorKind of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** What it is, in a few words. */
  public String summary() {
    return summary;
  }

  /** Whether the pooled vector is the same whatever item is shown. */
  public boolean looksAtBehaviorsAlone() {
    return this == CONCAT || this == MAX || this == SUM;
  }

  /** Whether embeddings of the shown item's IDs decide about the weights. */
  public boolean asksWithIds() {
    return this == MULTI_QUERY || this == MULTI_QUERY_SIMTIER;
  }

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
