package io.dicm.ams.shard;

import io.dicm.ams.compute.TensorWork;
import io.dicm.ams.memory.MemoryBudget;

/** A shard's rows for networks on some device. Safe for use by many threads. */
public interface ShardRows extends AutoCloseable {
  /**
   * The rows of a shard, for networks that are computed by {@code work}; on a GPU a copy of them is
   * made there if it has the room.
   *
   * @param shard not closed here
   */
  static ShardRows of(FeatureShard shard, TensorWork work) {
    return work.device().isProcessor()
        ? new ProcessorShardRows(shard, work.crew())
        : GpuShardRows.of(shard, work);
  }

  /**
   * Something that collects them, which the caller closes before this.
   *
   * @param budget what memory of the process is taken of
   */
  RowGatherer gatherer(MemoryBudget budget);

  /** Something that collects them and takes what memory it needs; the caller closes it first. */
  default RowGatherer gatherer() {
    return gatherer(new MemoryBudget("collected vectors", "", Long.MAX_VALUE));
  }

  /** Whether a kernel of our own collects them. */
  default boolean areCollectedByKernel() {
    return false;
  }

  /** Frees what was made beside the shard. */
  @Override
  void close();
}
