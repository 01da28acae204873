package io.dicm.ams.checkpoint;

/**
 * One file of a checkpoint.
 *
 * @param name within the checkpoint's directory, with '/' between directories
 * @param bytes its length
 * @param sha256 lower-case hexadecimal SHA-256 of its bytes
 */
public record CheckpointFile(String name, long bytes, String sha256) {}
