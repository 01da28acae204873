package io.dicm.ams.shard;

import org.bytedeco.pytorch.Tensor;

/**
 * Collects a window's rows of a shard side by side, as a network's first layer takes them. Not safe
 * for use by many threads.
 */
public interface RowGatherer extends AutoCloseable {
  /**
   * Copies rows together.
   *
   * @return [rows, dimension] on the network's device, valid until the next call; the caller's
   *     scope closes it
   * @throws io.dicm.common.error.DicmException {@code MEMORY_PLAN_TOO_LARGE} when the budget does
   *     not have so much; all is as it was then
   */
  Tensor gather(int[] rows);

  /** May be called again. */
  @Override
  void close();
}
