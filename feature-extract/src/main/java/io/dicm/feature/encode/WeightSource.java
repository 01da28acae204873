package io.dicm.feature.encode;

import java.io.Closeable;
import java.io.IOException;

/**
 * Where a network's weights come from, tensor by tensor, so that no copy of them all is on heap.
 */
public interface WeightSource extends Closeable {
  /**
   * Gives one tensor's values, in row-major order, in pieces.
   *
   * @throws io.dicm.common.error.DicmException {@code WEIGHTS_INVALID} when there is no such tensor
   *     or it has another shape
   */
  void read(WeightShape weight, FloatSink sink) throws IOException;

  /** Takes the next values of a tensor; the array is valid only during the call. */
  @FunctionalInterface
  interface FloatSink {
    void accept(float[] values, int count);
  }
}
