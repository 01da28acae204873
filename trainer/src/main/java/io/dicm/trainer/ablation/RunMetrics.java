package io.dicm.trainer.ablation;

import java.util.Map;

/**
 * What one training came to.
 *
 * @param variant its name
 * @param seed of the training; 0 without a model
 * @param run its name in the workspace
 * @param metrics metric to value, over all test impressions
 */
public record RunMetrics(String variant, long seed, String run, Map<String, Double> metrics) {
  public RunMetrics {
    metrics = Map.copyOf(metrics);
  }
}
