package io.dicm.ams.client;

/**
 * What one worker needs for one step. Keys are unique within each array; their order is the order
 * of the rows in {@link StepInputs}.
 *
 * @param step the step number, from 0, the same for all workers
 * @param adImageKeys pictures of the impressions' items, [a]
 * @param behaviorImageKeys pictures of the behaviours, [b]
 * @param idKeys ID-feature keys, [n]
 */
public record StepRequest(long step, long[] adImageKeys, long[] behaviorImageKeys, long[] idKeys) {}
