package io.dicm.ams.shard;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Collects a window's rows of a shard side by side. The memory is used again by the next window:
 * fresh memory of that size would cost page faults each time. Not safe for use by many threads.
 */
public final class RowGatherer implements AutoCloseable {
  private final FeatureShard shard;
  private Tensor buffer;

  public RowGatherer(FeatureShard shard) {
    this.shard = shard;
    this.buffer = allocate(1);
  }

  /**
   * Copies rows together.
   *
   * @return [rows, dimension], valid until the next call; the caller's scope closes it
   */
  public Tensor gather(int[] rows) {
    if (rows.length > buffer.size(0)) {
      buffer.close();
      buffer = allocate(rows.length + rows.length / 8);
    }
    Tensor gathered = buffer.narrow(0, 0, rows.length);
    torch.index_select_out(gathered, shard.vectors(), 0, AbstractTensor.create(rows));
    return gathered;
  }

  private Tensor allocate(int rows) {
    try (PointerScope scope = new PointerScope()) {
      Tensor tensor = torch.empty(rows, shard.dimension());
      tensor.retainReference();
      return tensor;
    }
  }

  @Override
  public void close() {
    buffer.close();
  }
}
