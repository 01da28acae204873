package io.dicm.trainer.evaluate;

/**
 * One scored impression: a row of the predictions table.
 *
 * @param impressionId as in the sample
 * @param userId the user
 * @param itemId the shown item
 * @param category the item's first category, or the empty string
 * @param timestampSeconds seconds since 1970 UTC
 * @param label 1 for a click, else 0
 * @param probability of a click, 0 to 1
 * @param sliceKeys by which evaluation tells impressions apart; columns of their own in the table
 */
public record Prediction(
    String impressionId,
    String userId,
    String itemId,
    String category,
    long timestampSeconds,
    int label,
    double probability,
    SliceKeys sliceKeys) {}
