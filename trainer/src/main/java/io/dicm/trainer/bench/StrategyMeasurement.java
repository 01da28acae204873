package io.dicm.trainer.bench;

import io.dicm.ams.server.TrafficClass;
import io.dicm.ams.strategy.StorageStrategy;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one strategy moved and how long it took; bytes and images of a step are means over the
 * measured steps, over all servers and workers together.
 *
 * @param strategy that was measured
 * @param steps measured steps
 * @param stepMs median time of a step, ms
 * @param workerStorageBytes all samples, and with {@code STORE_IN_WORKER} the vectors that lie
 *     beside them in each mini-batch
 * @param serverStorageBytes all image vectors on the servers
 * @param batches mini-batches of an epoch
 * @param bytesPerStep sent over the network, by what they are for
 * @param diskBytesPerStep image vectors read from disk
 * @param imageReferencesPerStep images that the samples refer to, repetitions included
 * @param uniqueImagesPerStep images that each worker asked for, each worker's once
 */
public record StrategyMeasurement(
    StorageStrategy strategy,
    int steps,
    double stepMs,
    double workerStorageBytes,
    double serverStorageBytes,
    double batches,
    Map<TrafficClass, Double> bytesPerStep,
    double diskBytesPerStep,
    double imageReferencesPerStep,
    double uniqueImagesPerStep) {
  public StrategyMeasurement {
    bytesPerStep = new EnumMap<>(bytesPerStep);
  }

  /** Bytes of these kinds in a step. */
  public double bytes(TrafficClass... kinds) {
    double sum = 0;
    for (TrafficClass kind : kinds) {
      sum += bytesPerStep.getOrDefault(kind, 0.0);
    }
    return sum;
  }

  /** Bytes of all kinds in a step but those that keep the sub-model equal everywhere. */
  public double allBytes() {
    return bytesPerStep.values().stream().mapToDouble(Double::doubleValue).sum()
        - bytes(TrafficClass.SUB_MODEL);
  }

  /** Codes and their gradients, or raw vectors, in a step. */
  public double imageBytes() {
    return bytes(TrafficClass.IMAGE_CODES, TrafficClass.IMAGE_GRADIENTS);
  }
}
