package io.dicm.ams.shard;

import io.dicm.ams.compute.TensorWork;
import io.dicm.ams.cuda.GpuMemory;
import io.dicm.ams.memory.MemoryBudget;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows for a GPU: of a copy in its own memory, or of the shard's memory where that is too small.
 */
final class GpuShardRows implements ShardRows {
  private static final Logger LOG = LoggerFactory.getLogger(GpuShardRows.class);

  /** What vectors may take of the GPU's free memory; the rest is for steps. */
  private static final double SHARE = 0.6;

  private final FeatureShard shard;
  private final TensorWork work;

  /** All rows in the GPU's memory, or null. */
  private final Tensor copy;

  private GpuShardRows(FeatureShard shard, TensorWork work, Tensor copy) {
    this.shard = shard;
    this.work = work;
    this.copy = copy;
  }

  static GpuShardRows of(FeatureShard shard, TensorWork work) {
    long bytes = shard.vectors().nbytes();
    long free = GpuMemory.of(work.device()).freeBytes();
    boolean fits = bytes <= SHARE * free;
    LOG.info(
        "The vectors' {} bytes {} the memory of {}, of which {} bytes are free",
        bytes,
        fits ? "are copied to" : "stay outside",
        work.device(),
        free);
    if (!fits) {
      return new GpuShardRows(shard, work, null);
    }
    try (PointerScope scope = new PointerScope()) {
      return new GpuShardRows(shard, work, work.device().place(shard.vectors()).retainReference());
    }
  }

  @Override
  public RowGatherer gatherer(MemoryBudget budget) {
    return copy == null
        ? new UploadedRows(new ProcessorRowGatherer(shard, work.crew(), budget), work)
        : new CopiedRows(copy, work);
  }

  @Override
  public void close() {
    if (copy != null) {
      copy.close();
    }
  }

  private static ScalarType type(TensorWork work) {
    return work.roundsInputs() ? ScalarType.BFloat16 : ScalarType.Float;
  }

  /** Rows of the GPU's own memory. */
  private record CopiedRows(Tensor copy, TensorWork work) implements RowGatherer {
    @Override
    public Tensor gather(int[] rows) {
      return copy.index_select(0, work.device().of(rows, rows.length)).to(type(work));
    }

    @Override
    public void close() {
      // The copy is not this object's.
    }
  }

  /** Rows that the processor collects. */
  private record UploadedRows(RowGatherer gatherer, TensorWork work) implements RowGatherer {
    @Override
    public Tensor gather(int[] rows) {
      return work.device().place(gatherer.gather(rows)).to(type(work));
    }

    @Override
    public void close() {
      gatherer.close();
    }
  }
}
