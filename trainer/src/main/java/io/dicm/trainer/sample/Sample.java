package io.dicm.trainer.sample;

import java.util.List;

/**
 * One moment of one user: the user's features and behaviours once, and the impressions of that
 * moment below them (the common-feature trick). Pictures are referred to by key only.
 *
 * @param userId the user
 * @param timestampSeconds the moment, seconds since 1970 UTC
 * @param userKeys [user field][values]
 * @param behaviors strictly older than the moment
 * @param impressions at least one
 */
public record Sample(
    String userId,
    long timestampSeconds,
    long[][] userKeys,
    Behaviors behaviors,
    List<Impression> impressions) {}
