package io.dicm.common.mapreduce;

/**
 * Memory of the tasks of one kind in one job.
 *
 * @param tasks {@code map} or {@code reduce}
 * @param requestedMb what YARN was asked for, each
 * @param peakBytes the most that one of them had resident
 */
public record TaskMemory(String tasks, int requestedMb, long peakBytes) {}
