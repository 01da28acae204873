package io.dicm.feature.cuda;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * A kernel's arguments in their order, each with the type that the kernel declares. Not safe for
 * use by many threads.
 */
public final class KernelArguments {
  private static final int USUAL_COUNT = 16;

  /** A slot of 8 bytes an argument, in whose first bytes it lies. */
  private long[] slots = new long[USUAL_COUNT];

  private int count;

  /** A pointer to a tensor's first value; the tensor must live until the kernel has ended. */
  public KernelArguments tensor(Tensor tensor) {
    return add(tensor.numel() == 0 ? 0 : tensor.data_ptr().address());
  }

  /** An {@code int}. */
  public KernelArguments integer(int value) {
    return add(Integer.toUnsignedLong(value));
  }

  /** A {@code long long}. */
  public KernelArguments longInteger(long value) {
    return add(value);
  }

  /** The slots, for a machine whose least byte is first, as all that CUDA runs on are. */
  long[] slots() {
    return Arrays.copyOf(slots, count);
  }

  private KernelArguments add(long slot) {
    if (count == slots.length) {
      slots = Arrays.copyOf(slots, 2 * count);
    }
    slots[count++] = slot;
    return this;
  }
}
