package io.dicm.ams.embedding;

/**
 * What has happened to an ID.
 *
 * @param lastStep the last step in which it was asked for
 * @param references steps in which it was asked for, since it was last forgotten
 * @param updates that its embedding has had; 0 for a candidate
 */
public record IdHistory(long lastStep, int references, int updates) {}
