package io.dicm.trainer.train;

import io.dicm.ams.client.StepRequest;
import io.dicm.ams.tier.TierRequest;
import io.dicm.trainer.model.NetworkIndices;
import io.dicm.trainer.sample.Sample;
import java.util.List;

/**
 * One step's impressions: the distinct keys that they use, in first-seen order, and which
 * impression uses which of them. Impressions count on through the samples in order.
 *
 * @param samples the samples, or the parts of them that fell into this batch
 * @param adImageKeys pictures of the shown items, distinct
 * @param behaviorImageKeys pictures of the behaviours, distinct
 * @param idKeys ID-feature keys, distinct; those of drawn items last
 * @param indices which impression uses which rows
 * @param labels 1 for a click, else 0, [impressions]
 * @param tiers the histograms that the network needs of the impressions; {@link TierRequest#NONE}
 *     where it needs none
 */
public record Batch(
    List<Sample> samples,
    long[] adImageKeys,
    long[] behaviorImageKeys,
    long[] idKeys,
    NetworkIndices indices,
    long[] labels,
    TierRequest tiers) {
  /** The number of impressions. */
  public int impressions() {
    return labels.length;
  }

  /** What the servers are asked for in this step. */
  public StepRequest request(long step) {
    return new StepRequest(step, adImageKeys, behaviorImageKeys, idKeys, tiers);
  }
}
