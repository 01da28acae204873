package io.dicm.ams.shard;

import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.memory.MemoryBudget;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Collects rows in the process's own memory. It is used again by the next window: fresh memory of
 * that size would cost page faults each time.
 */
final class ProcessorRowGatherer implements RowGatherer {
  /** Rows that are worth a thread of their own. */
  private static final int LEAST_ROWS = 128;

  private final FeatureShard shard;
  private final ComputeCrew crew;
  private final boolean converts;
  private final MemoryBudget budget;
  private long heldBytes;
  private Tensor buffer;

  /** Rows as the shard holds them; only where that is not single precision. */
  private Tensor held;

  /**
   * @param shard not closed here
   * @param crew copies; not closed here
   * @param budget what the memory is taken of, until {@link #close}
   */
  ProcessorRowGatherer(FeatureShard shard, ComputeCrew crew, MemoryBudget budget) {
    this.budget = budget;
    this.shard = shard;
    this.crew = crew;
    this.converts = shard.precision() != VectorPrecision.FLOAT32;
    take(1);
    allocate(1);
  }

  /** Takes what so many rows need beyond what is taken already. */
  private void take(int rows) {
    int valueBytes = Float.BYTES + (converts ? shard.precision().valueBytes() : 0);
    long bytes = (long) rows * shard.dimension() * valueBytes;
    budget.take(bytes - heldBytes);
    heldBytes = bytes;
  }

  @Override
  public Tensor gather(int[] rows) {
    if (rows.length > buffer.size(0)) {
      int room = rows.length + rows.length / 8;
      take(room);
      free();
      allocate(room);
    }
    crew.run(
        crew.pieces(
            rows.length,
            LEAST_ROWS,
            (from, length) ->
                gather(Arrays.copyOfRange(rows, (int) from, (int) (from + length)), from)));
    return buffer.narrow(0, 0, rows.length);
  }

  private void gather(int[] rows, long from) {
    try (PointerScope scope = new PointerScope()) {
      Tensor gathered = buffer.narrow(0, from, rows.length);
      if (converts) {
        gathered.copy_(select(held.narrow(0, from, rows.length), rows));
      } else {
        select(gathered, rows);
      }
    }
  }

  private Tensor select(Tensor into, int[] rows) {
    return torch.index_select_out(into, shard.vectors(), 0, AbstractTensor.create(rows));
  }

  private void allocate(int rows) {
    buffer = VectorPrecision.FLOAT32.allocate(rows, shard.dimension());
    if (converts) {
      held = shard.precision().allocate(rows, shard.dimension());
    }
  }

  private void free() {
    buffer.close();
    if (converts) {
      held.close();
    }
  }

  /** May be called again. */
  @Override
  public void close() {
    free();
    budget.giveBack(heldBytes);
    heldBytes = 0;
  }
}
