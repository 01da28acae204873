package io.dicm.trainer.sample;

/**
 * One shown item and whether it was clicked.
 *
 * @param impressionId the log's own id, or user, item and time joined
 * @param itemId the shown item
 * @param category the item's first category, or the empty string; carried for slices, not trained
 *     on
 * @param label 1 for a click, else 0
 * @param imageKey the item's picture, or {@code Fingerprints.NONE}
 * @param itemKeys [item field][values], fields in the schema's order
 * @param contextKeys [context field][values]
 */
public record Impression(
    String impressionId,
    String itemId,
    String category,
    int label,
    long imageKey,
    long[][] itemKeys,
    long[][] contextKeys) {}
