package io.dicm.trainer.sample;

/**
 * What a user clicked strictly before a moment, oldest first.
 *
 * @param imageKeys the clicked items' pictures, [t]; {@code Fingerprints.NONE} where one has none
 * @param idKeys [behaviour field][t], fields in the schema's order
 */
public record Behaviors(long[] imageKeys, long[][] idKeys) {}
