package io.dicm.trainer.model;

/**
 * What one attention channel makes of a batch's behaviours. The weights are not normalised and may
 * be negative: the channel's result is the sum of w_i v_i (arXiv 1711.06505, section 4.2).
 *
 * @param query what the channel asks with: {@code image}, the shown item's picture, or {@code id},
 *     its ID embeddings
 * @param weights w_i of each entry of {@link NetworkIndices#behaviorImages}, [r]
 */
public record AttentionChannel(String query, float[] weights) {}
