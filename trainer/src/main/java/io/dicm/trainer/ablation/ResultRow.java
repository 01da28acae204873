package io.dicm.trainer.ablation;

import java.util.Map;

/**
 * One variant in a table.
 *
 * @param variant its name
 * @param title for people
 * @param kind what it is there for
 * @param seeds how many trainings are in the mean; 1 without a model
 * @param metrics metric (such as {@code gauc}) to its mean; without those that are not defined
 * @param gains metric to the mean paired difference from the baseline; none for the baseline itself
 */
public record ResultRow(
    String variant,
    String title,
    RowKind kind,
    int seeds,
    Map<String, Estimate> metrics,
    Map<String, Estimate> gains) {
  public ResultRow {
    metrics = Map.copyOf(metrics);
    gains = Map.copyOf(gains);
  }
}
