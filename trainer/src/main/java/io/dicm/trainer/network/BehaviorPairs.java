package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;

/**
 * The pairs of an impression and a behaviour of its sample, impression after impression, the oldest
 * behaviour first. Lives in the pointer scope it was made in.
 */
final class BehaviorPairs {
  private final int count;
  private final RowIndex behaviors;
  private final RowIndex impressions;

  BehaviorPairs(BehaviorRows rows) {
    int[] samples = rows.sampleOfImpression();
    int pairs = 0;
    for (int sample : samples) {
      pairs += rows.end(sample) - rows.offsets()[sample];
    }
    int[] behaviorOfPair = new int[pairs];
    int[] impressionOfPair = new int[pairs];
    int pair = 0;
    for (int impression = 0; impression < samples.length; impression++) {
      int sample = samples[impression];
      for (int row = rows.offsets()[sample]; row < rows.end(sample); row++) {
        behaviorOfPair[pair] = row;
        impressionOfPair[pair++] = impression;
      }
    }
    this.count = pairs;
    this.behaviors = new RowIndex(behaviorOfPair, (int) rows.rows().size(0));
    this.impressions = new RowIndex(impressionOfPair, samples.length);
  }

  /** Number of pairs, p. */
  int count() {
    return count;
  }

  /** The behaviour of each pair: [behaviors, d] to [p, d]. */
  RowIndex behaviors() {
    return behaviors;
  }

  /** The impression of each pair: [impressions, d] to [p, d]. */
  RowIndex impressions() {
    return impressions;
  }

  /**
   * Each impression's sum of its behaviours times their weights, zeros without any.
   *
   * @param ofPairs [p, d]
   * @param weights [p]
   * @return [impressions, d]
   */
  Tensor weightedSum(Tensor ofPairs, Tensor weights) {
    return impressions.sum(ofPairs.mul(weights.unsqueeze(1)));
  }
}
