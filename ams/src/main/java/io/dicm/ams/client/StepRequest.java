package io.dicm.ams.client;

import io.dicm.ams.tier.TierRequest;

/**
 * What one worker needs for one step. Keys are unique within each array; their order is the order
 * of the rows in {@link StepInputs}.
 *
 * @param step the step number, from 0, the same for all workers
 * @param adImageKeys pictures of the impressions' items, [a]
 * @param behaviorImageKeys pictures of the behaviours, [b]
 * @param idKeys ID-feature keys, [n]
 * @param tiers the tier histograms of the impressions; {@link TierRequest#NONE} where the network
 *     has no use for them
 */
public record StepRequest(
    long step, long[] adImageKeys, long[] behaviorImageKeys, long[] idKeys, TierRequest tiers) {
  /** Without tier histograms. */
  public StepRequest(long step, long[] adImageKeys, long[] behaviorImageKeys, long[] idKeys) {
    this(step, adImageKeys, behaviorImageKeys, idKeys, TierRequest.NONE);
  }
}
