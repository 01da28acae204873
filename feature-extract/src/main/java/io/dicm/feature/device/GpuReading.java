package io.dicm.feature.device;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a GPU was doing at one moment. Some GPUs, and parts of one that are lent out, do not tell
 * all of it. Memory and use are those of all processes on it.
 *
 * @param device which of the process's
 * @param name of the model
 * @param uuid by which all processes and {@code nvidia-smi} know this one GPU; empty where it is
 *     not told
 * @param usedBytes memory in use
 * @param totalBytes memory there is
 * @param busyPercent share of the last moments in which a kernel ran
 * @param powerWatts drawn now
 * @param celsius temperature of the chip
 */
public record GpuReading(
    ComputeDevice device,
    String name,
    String uuid,
    long usedBytes,
    long totalBytes,
    OptionalInt busyPercent,
    OptionalDouble powerWatts,
    OptionalInt celsius) {}
