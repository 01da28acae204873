package io.dicm.ams.server;

/**
 * What a server has done so far.
 *
 * @param images in its shard
 * @param missingReferences images asked for that the feature store does not have
 * @param windows steps finished
 * @param waitMs time that steps waited for their last worker after the first had come
 * @param uniqueImageReferences image vectors that went through the sub-model
 * @param totalImageReferences images asked for, by all workers
 * @param bytesIn bytes of the messages received
 * @param bytesOut bytes of the messages sent
 * @param embeddingRows ID embeddings
 */
public record ServerStatistics(
    long images,
    long missingReferences,
    long windows,
    long waitMs,
    long uniqueImageReferences,
    long totalImageReferences,
    long bytesIn,
    long bytesOut,
    long embeddingRows) {}
