package io.dicm.trainer.sample;

/**
 * Totals of the samples of one split.
 *
 * @param samples rows, one a user and moment
 * @param impressions shown items
 * @param clicks impressions with label 1
 * @param behaviors behaviours summed over impressions
 */
public record SplitTotals(long samples, long impressions, long clicks, long behaviors) {}
