package io.dicm.ams.shard;

import io.dicm.ams.compute.TensorWork;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.common.error.DicmException;
import io.dicm.feature.cuda.PinnedMemory;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows for a GPU: of a copy in its own memory, or of the shard's memory where that is too small,
 * which the GPU reads itself. A kernel of ours collects and converts them in one pass; where it
 * cannot be compiled, libtorch does it in two, and the processor collects what lies outside.
 */
final class GpuShardRows implements ShardRows {
  private static final Logger LOG = LoggerFactory.getLogger(GpuShardRows.class);

  /** What vectors may take of the GPU's free memory; the rest is for steps. */
  private static final double SHARE = 0.6;

  private final FeatureShard shard;
  private final TensorWork work;
  private final Optional<RowGatherKernel> kernel;

  /** All rows in the GPU's memory, or null. */
  private final Tensor copy;

  /** The shard's memory where the GPU reads that, or null. */
  private final PinnedMemory pinned;

  private GpuShardRows(
      FeatureShard shard,
      TensorWork work,
      Optional<RowGatherKernel> kernel,
      Tensor copy,
      PinnedMemory pinned) {
    this.shard = shard;
    this.work = work;
    this.kernel = kernel;
    this.copy = copy;
    this.pinned = pinned;
  }

  /**
   * Copies the vectors to the GPU or lets it read them.
   *
   * @throws DicmException {@code MEMORY_PLAN_TOO_LARGE} when they fit nowhere
   */
  static GpuShardRows of(FeatureShard shard, TensorWork work) {
    long bytes = shard.vectors().nbytes();
    long free = work.device().gpu().freeBytes();
    boolean fits = bytes <= SHARE * free;
    LOG.info(
        "The vectors' {} bytes {} the memory of {}, of which {} bytes are free",
        bytes,
        fits ? "are copied to" : "stay outside",
        work.device(),
        free);
    Optional<RowGatherKernel> kernel = kernel(shard, work);
    try (PointerScope scope = new PointerScope()) {
      if (fits) {
        Tensor copy = work.device().place(shard.vectors()).retainReference();
        return new GpuShardRows(shard, work, kernel, copy, null);
      }
      PinnedMemory pinned =
          kernel.isPresent() ? work.device().gpu().pin(shard.vectors().data_ptr(), bytes) : null;
      return new GpuShardRows(shard, work, kernel, null, pinned);
    } catch (RuntimeException | Error e) {
      kernel.ifPresent(RowGatherKernel::close);
      throw e;
    }
  }

  private static Optional<RowGatherKernel> kernel(FeatureShard shard, TensorWork work) {
    if (shard.dimension() % RowGatherKernel.WIDTH_UNIT != 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(new RowGatherKernel(work.device()));
    } catch (DicmException e) {
      LOG.warn("libtorch collects the vectors, more slowly than a kernel: {}", e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public boolean areCollectedByKernel() {
    return kernel.isPresent();
  }

  @Override
  public RowGatherer gatherer(MemoryBudget budget) {
    if (kernel.isPresent()) {
      return new KernelRows(kernel.get(), copy == null ? shard.vectors() : copy, work);
    }
    return copy == null
        ? new UploadedRows(new ProcessorRowGatherer(shard, work.crew(), budget), work)
        : new SelectedRows(copy, work);
  }

  @Override
  public void close() {
    kernel.ifPresent(RowGatherKernel::close);
    if (copy != null) {
      copy.close();
    }
    if (pinned != null) {
      pinned.close();
    }
  }

  private static ScalarType type(TensorWork work) {
    return work.roundsInputs() ? ScalarType.BFloat16 : ScalarType.Float;
  }

  /** Rows that our kernel collects, from the GPU's memory or from outside. */
  private record KernelRows(RowGatherKernel kernel, Tensor table, TensorWork work)
      implements RowGatherer {
    @Override
    public Tensor gather(int[] rows) {
      Tensor target = work.device().empty(type(work), rows.length, table.size(1));
      kernel.gather(table, work.device().of(rows, rows.length), rows.length, target);
      return target;
    }

    @Override
    public void close() {
      // Kernel and table are not this object's.
    }
  }

  /** Rows of the GPU's own memory that libtorch collects. */
  private record SelectedRows(Tensor copy, TensorWork work) implements RowGatherer {
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
