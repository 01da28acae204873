package io.dicm.ams.compute;

import io.dicm.ams.compute.ComputeCrew.RangeWork;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import java.util.List;

/**
 * Who computes a network: a device, in some arithmetic, and threads of the processor for what is
 * computed there. A GPU gets the work whole from the calling thread, the processor's threads share
 * it. Immutable.
 *
 * @param crew not closed here
 */
public record TensorWork(ComputeDevice device, Arithmetic arithmetic, ComputeCrew crew) {
  /** On the processor, in single precision. */
  public static TensorWork onProcessor(ComputeCrew crew) {
    return new TensorWork(ComputeDevice.PROCESSOR, Arithmetic.FLOAT32, crew);
  }

  /** Pieces of a range of tensors' rows or columns; see {@link ComputeCrew#pieces}. */
  public List<Runnable> pieces(long length, long unit, RangeWork work) {
    return device.isProcessor()
        ? crew.pieces(length, unit, work)
        : List.of(() -> work.compute(0, length));
  }

  /** Computes all pieces, or on a GPU has begun them in this order when it returns. */
  public void run(List<Runnable> pieces) {
    if (device.isProcessor()) {
      crew.run(pieces);
    } else {
      // Streams belong to threads: one thread keeps what it begins in order.
      pieces.forEach(Runnable::run);
    }
  }

  /** Whether the first layer's factors are rounded to bfloat16. */
  public boolean roundsInputs() {
    return arithmetic == Arithmetic.BFLOAT16;
  }
}
