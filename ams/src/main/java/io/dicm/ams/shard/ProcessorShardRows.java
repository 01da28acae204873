package io.dicm.ams.shard;

import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.memory.MemoryBudget;

/** Rows where the shard has them. */
record ProcessorShardRows(FeatureShard shard, ComputeCrew crew) implements ShardRows {
  @Override
  public RowGatherer gatherer(MemoryBudget budget) {
    return new ProcessorRowGatherer(shard, crew, budget);
  }

  @Override
  public void close() {
    // Nothing but the shard.
  }
}
