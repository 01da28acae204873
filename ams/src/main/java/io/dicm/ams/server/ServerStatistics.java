package io.dicm.ams.server;

import io.dicm.ams.embedding.EmbeddingStatistics;
import java.util.Map;

/**
 * What a server has done so far.
 *
 * @param images in its shard
 * @param missingReferences images asked for that the feature store does not have
 * @param windows steps finished
 * @param waitMs time that steps waited for their last worker after the first had come
 * @param computeNs time spent computing, without waiting for workers and other servers
 * @param uniqueImageReferences image vectors that went through the sub-model
 * @param totalImageReferences images asked for, by all workers
 * @param bytesIn bytes of the messages received
 * @param bytesOut bytes of the messages sent
 * @param bytesByClass bytes received and sent by what they are for; every class has an entry
 * @param embeddings what is held and was done of the ID embeddings
 */
public record ServerStatistics(
    long images,
    long missingReferences,
    long windows,
    long waitMs,
    long computeNs,
    long uniqueImageReferences,
    long totalImageReferences,
    long bytesIn,
    long bytesOut,
    Map<TrafficClass, Long> bytesByClass,
    EmbeddingStatistics embeddings) {
  public ServerStatistics {
    bytesByClass = Map.copyOf(bytesByClass);
  }
}
