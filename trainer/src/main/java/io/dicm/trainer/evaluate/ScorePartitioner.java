package io.dicm.trainer.evaluate;

import org.apache.hadoop.mapreduce.Partitioner;

/** Sends all scores of a group to one reducer. */
public final class ScorePartitioner extends Partitioner<ScoreKey, ScoreCounts> {
  @Override
  public int getPartition(ScoreKey key, ScoreCounts value, int partitions) {
    return Math.floorMod(key.groupHash(), partitions);
  }
}
