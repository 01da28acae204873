package io.dicm.ams.shard;

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
  private final FeatureShard shard;
  private final boolean converts;
  private Tensor buffer;

  /** Rows as the shard holds them; only where that is not single precision. */
  private Tensor held;

  public RowGatherer(FeatureShard shard) {
    this.shard = shard;
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
    Tensor gathered = buffer.narrow(0, 0, rows.length);
    if (converts) {
      try (PointerScope scope = new PointerScope()) {
        gathered.copy_(select(held.narrow(0, 0, rows.length), rows));
      }
    } else {
      select(gathered, rows);
    }
    return gathered;
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
