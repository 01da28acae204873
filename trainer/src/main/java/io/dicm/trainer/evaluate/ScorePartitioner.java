package io.dicm.trainer.evaluate;

import org.apache.hadoop.conf.Configurable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.Partitioner;

/**
 * Sends all scores of a user to one reducer, and of all impressions those of a range: partition p
 * has the scores of range p and its counts, so that the partitions are in ascending order.
 */
public final class ScorePartitioner extends Partitioner<ScoreKey, ScoreValue>
    implements Configurable {
  private Configuration conf;
  private ScoreRanges ranges;

  @Override
  public void setConf(Configuration conf) {
    this.conf = conf;
    this.ranges = TaskPlan.read(conf).ranges();
  }

  @Override
  public Configuration getConf() {
    return conf;
  }

  @Override
  public int getPartition(ScoreKey key, ScoreValue value, int partitions) {
    return key.isUser() ? Math.floorMod(key.groupHash(), partitions) : ranges.range(key.score());
  }
}
