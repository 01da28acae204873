package io.dicm.feature.weights;

import java.io.Closeable;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Optional;

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

  /**
   * Maps one tensor's values into memory, row-major, which all processes of the machine that map
   * them share. They stay there after {@link #close}, as long as the buffer is used.
   *
   * @return a direct, read-only buffer; nothing where the values cannot be used as they lie
   * @throws io.dicm.common.error.DicmException as {@link #read}
   */
  default Optional<FloatBuffer> map(WeightShape weight) throws IOException {
    return Optional.empty();
  }

  /** Takes the next values of a tensor; the array is valid only during the call. */
  @FunctionalInterface
  interface FloatSink {
    void accept(float[] values, int count);
  }
}
