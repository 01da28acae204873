package io.dicm.app.master.history;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a GPU that a container computes on did at one moment. Memory and use are those of all
 * processes on it. Values that the GPU does not tell are null.
 *
 * @param number among those that the container's process sees, from 0
 * @param name of the model
 * @param uuid the same for all containers that share the GPU; null in histories of older versions
 * @param usedBytes memory in use
 * @param totalBytes memory there is
 * @param busyPercent share of the last moments in which a kernel ran
 * @param powerWatts drawn
 * @param celsius temperature of the chip
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GpuUse(
    int number,
    String name,
    String uuid,
    long usedBytes,
    long totalBytes,
    Integer busyPercent,
    Double powerWatts,
    Integer celsius) {}
