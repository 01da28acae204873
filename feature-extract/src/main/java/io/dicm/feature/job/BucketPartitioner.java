package io.dicm.feature.job;

import io.dicm.common.key.Buckets;
import org.apache.hadoop.mapreduce.Partitioner;

/**
 * Gives whole buckets to reducers, by the same rule that gives them to servers: with as many
 * reducers as servers, a server's vectors are in one file.
 */
public final class BucketPartitioner extends Partitioner<ImageKey, ExtractedImage> {
  @Override
  public int getPartition(ImageKey key, ExtractedImage image, int reducers) {
    return Buckets.serverOf(key.value(), reducers);
  }
}
