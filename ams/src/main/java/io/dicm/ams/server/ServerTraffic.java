package io.dicm.ams.server;

import java.util.Map;

/**
 * What one server moved and looked up while it trained a model, as its part of the model directory
 * says: {@code traffic/part-N.json}. Counted from the server's start: a training that went on from
 * a checkpoint has the steps after it.
 *
 * @param server its number
 * @param steps finished
 * @param images in its shard
 * @param vectorDimension floats of an image's vector
 * @param totalImageReferences images asked for by all workers, each once a worker and step
 * @param uniqueImageReferences those that went through the sub-model, each once a step
 * @param bytesIn bytes of the messages received
 * @param bytesOut bytes of the messages sent
 * @param bytesByClass bytes received and sent by what they are for, messages between servers at
 *     both ends
 */
public record ServerTraffic(
    int server,
    long steps,
    long images,
    int vectorDimension,
    long totalImageReferences,
    long uniqueImageReferences,
    long bytesIn,
    long bytesOut,
    Map<TrafficClass, Long> bytesByClass) {
  /** The directory of all servers' parts in a model directory. */
  public static final String DIRECTORY = "traffic";

  public ServerTraffic {
    bytesByClass = Map.copyOf(bytesByClass);
  }

  static ServerTraffic of(int server, int vectorDimension, ServerStatistics statistics) {
    return new ServerTraffic(
        server,
        statistics.windows(),
        statistics.images(),
        vectorDimension,
        statistics.totalImageReferences(),
        statistics.uniqueImageReferences(),
        statistics.bytesIn(),
        statistics.bytesOut(),
        statistics.bytesByClass());
  }

  /** Bytes that servers would have sent of the same requests as float32 vectors. */
  public long rawVectorBytes() {
    return totalImageReferences * vectorDimension * Float.BYTES;
  }
}
