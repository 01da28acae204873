package io.dicm.ams.shard;

import io.dicm.ams.compute.ComputeCrew;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Collects a window's rows of a shard side by side in single precision. The memory is used again by
 * the next window: fresh memory of that size would cost page faults each time. Not safe for use by
 * many threads.
 */
public final class RowGatherer implements AutoCloseable {
  /** Rows that are worth a thread of their own. */
  private static final int LEAST_ROWS = 128;

  private final FeatureShard shard;
  private final ComputeCrew crew;
  private final boolean converts;
  private Tensor buffer;

  /** Rows as the shard holds them; only where that is not single precision. */
  private Tensor held;

  /**
   * @param shard not closed here
   * @param crew copies; not closed here
   */
  public RowGatherer(FeatureShard shard, ComputeCrew crew) {
    this.shard = shard;
    this.crew = crew;
    this.converts = shard.precision() != VectorPrecision.FLOAT32;
    allocate(1);
  }

  /**
   * Copies rows together.
   *
   * @return [rows, dimension], valid until the next call; the caller's scope closes it
   */
  public Tensor gather(int[] rows) {
    if (rows.length > buffer.size(0)) {
      close();
      allocate(rows.length + rows.length / 8);
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

  @Override
  public void close() {
    buffer.close();
    if (converts) {
      held.close();
    }
  }
}
