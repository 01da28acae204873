package io.dicm.app.plan;

import io.dicm.ams.server.TrafficClass;
import io.dicm.ams.strategy.StorageStrategy;
import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.ams.submodel.SubModelShape;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What one strategy of arXiv 1711.06505, table 2, stores and moves, computed from counts: what
 * {@code dicm bench table2} measures. Rows and vectors are float32, keys 8 bytes.
 *
 * @param strategy where vectors are held and compressed
 * @param batches mini-batches of all workers together in one pass
 * @param workerStorageBytes samples, and the vectors beside them where workers store them; of one
 *     pass
 * @param serverStorageBytes vectors on all servers
 * @param bytesPerStep sent in a mini-batch of all workers, by what they are for
 */
public record StrategyFigures(
    StorageStrategy strategy,
    double batches,
    double workerStorageBytes,
    double serverStorageBytes,
    Map<TrafficClass, Double> bytesPerStep) {
  /** What the paper's table leaves out. */
  private static final Set<TrafficClass> NOT_COUNTED =
      EnumSet.of(
          TrafficClass.IMAGE_KEYS,
          TrafficClass.ID_KEYS,
          TrafficClass.DENSE,
          TrafficClass.SUB_MODEL);

  private static final int DIRECTIONS = 2;

  /** A sub-model for the shown images, another for those of behaviours. */
  private static final int NETWORKS = 2;

  public StrategyFigures {
    bytesPerStep = Map.copyOf(bytesPerStep);
  }

  /**
   * The figures for these counts.
   *
   * @param weightColumns weights of each ID, which travel with its embedding
   */
  public static StrategyFigures of(
      StorageStrategy strategy, AssumedCounts counts, int weightColumns) {
    double vectorBytes = (double) counts.dimension() * Float.BYTES;
    double storedInBatch =
        counts.sampleBytes() * counts.batchOfAll()
            + (strategy.servesImages() ? 0 : counts.uniqueImagesOfBatch() * vectorBytes);
    return new StrategyFigures(
        strategy,
        counts.batches(),
        storedInBatch * counts.batches(),
        strategy.servesImages() ? counts.images() * vectorBytes : 0,
        traffic(strategy, counts, vectorBytes, weightColumns));
  }

  private static Map<TrafficClass, Double> traffic(
      StorageStrategy strategy, AssumedCounts counts, double vectorBytes, int weightColumns) {
    double images = strategy.servesImages() ? counts.uniqueImagesOfBatch() : 0;
    double codeBytes = (double) SubModelShape.USUAL_CODE_DIMENSION * Float.BYTES;
    int rowWidth = counts.embeddingDimension() + weightColumns;
    double idBytes = counts.idsOfBatch() * rowWidth * Float.BYTES;
    double subModel =
        (double) NETWORKS * NetworkLayout.of(counts.dimension()).length() * Float.BYTES;
    Map<TrafficClass, Double> bytes = new EnumMap<>(TrafficClass.class);
    bytes.put(TrafficClass.IMAGE_KEYS, images * Long.BYTES);
    bytes.put(
        TrafficClass.IMAGE_CODES,
        images * (strategy.compressesOnServers() ? codeBytes : vectorBytes));
    bytes.put(
        TrafficClass.IMAGE_GRADIENTS, strategy.compressesOnServers() ? images * codeBytes : 0);
    bytes.put(TrafficClass.ID_KEYS, counts.idsOfBatch() * Long.BYTES);
    bytes.put(TrafficClass.ID_EMBEDDINGS, idBytes);
    bytes.put(TrafficClass.ID_GRADIENTS, idBytes);
    // Each replica gives its gradients and gets the sums: among servers, or through them.
    int replicas = strategy.compressesOnServers() ? counts.nodes() - 1 : counts.nodes();
    bytes.put(TrafficClass.SUB_MODEL, DIRECTIONS * replicas * subModel);
    return bytes;
  }

  /** Worker storage of one mini-batch. */
  public double workerStorageOfBatch() {
    return workerStorageBytes / batches;
  }

  /** Server storage divided by the mini-batches, as the table has it. */
  public double serverStorageOfBatch() {
    return serverStorageBytes / batches;
  }

  /** Images and ID embeddings of a mini-batch: what the table calls communication. */
  public double communicationBytes() {
    return bytesPerStep.entrySet().stream()
        .filter(entry -> !NOT_COUNTED.contains(entry.getKey()))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /** Codes and their gradients, or raw vectors, of a mini-batch. */
  public double imageBytes() {
    return bytesPerStep.get(TrafficClass.IMAGE_CODES)
        + bytesPerStep.get(TrafficClass.IMAGE_GRADIENTS);
  }

  /** Bytes of a mini-batch that the table leaves out: keys, and keeping the sub-model equal. */
  public double furtherBytes() {
    return bytesPerStep.values().stream().mapToDouble(Double::doubleValue).sum()
        - communicationBytes();
  }
}
