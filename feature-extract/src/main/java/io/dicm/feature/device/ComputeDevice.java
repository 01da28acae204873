package io.dicm.feature.device;

import java.util.Arrays;
import java.util.function.Consumer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * Where tensors are and are computed: code that takes its tensors from here is the same for the
 * processor and for a GPU. Tensors belong to the caller's pointer scope. Immutable and safe for use
 * by many threads.
 */
public final class ComputeDevice {
  /** The processor; its tensors' memory is the process's own. */
  public static final ComputeDevice PROCESSOR = new ComputeDevice(-1, new PlainCopies());

  private final int ordinal;
  private final ArrayCopies copies;

  private ComputeDevice(int ordinal, ArrayCopies copies) {
    this.ordinal = ordinal;
    this.copies = copies;
  }

  /**
   * A GPU.
   *
   * @param ordinal among those that the process sees, from 0 on
   */
  public static ComputeDevice cuda(int ordinal) {
    if (ordinal < 0 || ordinal > Byte.MAX_VALUE) {
      throw new IllegalArgumentException("GPU was " + ordinal + ", needed 0 or more");
    }
    return new ComputeDevice(ordinal, new PlainCopies());
  }

  /**
   * The same device, which has the floats of Java's arrays copied in another way than by the
   * calling thread alone.
   */
  public ComputeDevice copyingBy(ArrayCopies other) {
    return new ComputeDevice(ordinal, other);
  }

  /** Whether tensors lie in the process's own memory. */
  public boolean isProcessor() {
    return ordinal < 0;
  }

  /**
   * Which of the GPUs that the process sees.
   *
   * @throws IllegalStateException for the processor
   */
  public int ordinal() {
    if (isProcessor()) {
      throw new IllegalStateException("The processor is no GPU");
    }
    return ordinal;
  }

  /** As options and documents name it: {@code cpu}, {@code cuda:0}. */
  public String label() {
    return isProcessor() ? "cpu" : "cuda:" + ordinal;
  }

  /** Without values. */
  public Tensor empty(ScalarType type, long... shape) {
    return torch.empty(shape, options(type), new MemoryFormatOptional());
  }

  /** Of zeros. */
  public Tensor zeros(ScalarType type, long... shape) {
    return torch.zeros(shape, options(type));
  }

  /**
   * A copy of values, in that shape.
   *
   * @throws IllegalArgumentException when it is not the shape of so many
   */
  public Tensor of(float[] values, long... shape) {
    requireShape(values.length, shape);
    if (values.length == 0) {
      return empty(ScalarType.Float, shape);
    }
    if (isProcessor()) {
      Tensor tensor = empty(ScalarType.Float, shape);
      copies.put(values, tensor.data_ptr_float(), values.length);
      return tensor;
    }
    return upload(
        ScalarType.Float,
        memory -> copies.put(values, new FloatPointer(memory), values.length),
        shape);
  }

  private static void requireShape(int values, long... shape) {
    long needed = 1;
    for (long size : shape) {
      needed *= size;
    }
    if (needed != values) {
      throw new IllegalArgumentException(
          "Values were " + values + ", needed " + needed + " for " + Arrays.toString(shape));
    }
  }

  /** A copy of values, in that shape. */
  public Tensor of(int[] values, long... shape) {
    if (values.length == 0) {
      return empty(ScalarType.Int, shape);
    }
    return isProcessor()
        ? AbstractTensor.create(values, shape)
        : upload(ScalarType.Int, memory -> new IntPointer(memory).put(values), shape);
  }

  /** A copy of values, in that shape. */
  public Tensor of(long[] values, long... shape) {
    if (values.length == 0) {
      return empty(ScalarType.Long, shape);
    }
    return isProcessor()
        ? AbstractTensor.create(values, shape)
        : upload(ScalarType.Long, memory -> new LongPointer(memory).put(values), shape);
  }

  /**
   * Values by way of pinned memory, without waiting for the copy: libtorch gives that memory to
   * nobody else before the copy has ended.
   */
  private Tensor upload(ScalarType type, Consumer<Pointer> values, long... shape) {
    try (Tensor beside = pinned(type, shape)) {
      values.accept(beside.data_ptr());
      return beginPlace(beside);
    }
  }

  /**
   * A tensor of the processor's, here.
   *
   * @return on the processor the tensor itself
   */
  public Tensor place(Tensor tensor) {
    return isProcessor() ? tensor : tensor.to(device(), tensor.scalar_type());
  }

  /**
   * A tensor of {@link #pinned} memory, here; does not wait for the copy. What is computed from it
   * does, and the memory has to stay as it is until that is read.
   *
   * @return on the processor the tensor itself
   */
  public Tensor beginPlace(Tensor tensor) {
    return isProcessor()
        ? tensor
        : tensor.to(device(), tensor.scalar_type(), true, false, new MemoryFormatOptional());
  }

  /**
   * Without values, in the processor's memory, from where this GPU copies at full speed.
   *
   * @throws IllegalStateException for the processor, which has no use for it
   */
  public Tensor pinned(ScalarType type, long... shape) {
    if (isProcessor()) {
      throw new IllegalStateException("The processor needs no pinned memory");
    }
    TensorOptions options = new TensorOptions(type).pinned_memory(new BoolOptional(true));
    return torch.empty(shape, options, new MemoryFormatOptional());
  }

  /**
   * The tensor on the processor, in neighbouring memory; waits for what computes it.
   *
   * @return on the processor the tensor itself if it lies so
   */
  public Tensor onProcessor(Tensor tensor) {
    Tensor contiguous = tensor.contiguous();
    return isProcessor()
        ? contiguous
        : contiguous.to(new Device(DeviceType.CPU), contiguous.scalar_type());
  }

  /**
   * Copies a float tensor's values to Java; waits for what computes them.
   *
   * @param target gets them from {@code offset} on
   */
  public void read(Tensor tensor, float[] target, int offset, int count) {
    if (count == 0) {
      return;
    }
    try (PointerScope scope = new PointerScope()) {
      if (isProcessor()) {
        copies.get(tensor.contiguous().data_ptr_float(), target, offset, count);
      } else {
        Tensor beside = pinned(ScalarType.Float, count);
        beside.copy_(tensor.contiguous().view(-1).narrow(0, 0, count));
        copies.get(beside.data_ptr_float(), target, offset, count);
      }
    }
  }

  /** A copy of a float tensor's values; waits for what computes them. */
  public float[] read(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.numel())];
    read(tensor, values, 0, values.length);
    return values;
  }

  /**
   * Overwrites a contiguous float tensor of this device.
   *
   * @param values at least as many as the tensor has
   */
  public void write(float[] values, Tensor tensor) {
    int count = Math.toIntExact(tensor.numel());
    try (PointerScope scope = new PointerScope()) {
      if (isProcessor()) {
        copies.put(values, tensor.data_ptr_float(), count);
      } else {
        Tensor beside = pinned(ScalarType.Float, count);
        copies.put(values, beside.data_ptr_float(), count);
        tensor.view(count).copy_(beside, true);
      }
    }
  }

  /**
   * What the calling thread begins on a GPU from now on does not wait for what other threads begin,
   * nor they for it.
   */
  public void useOwnStreamHere() {
    if (!isProcessor()) {
      torch_cuda.setCurrentCUDAStream(torch_cuda.getStreamFromPool(false, (byte) ordinal));
    }
  }

  /** Waits until all that the calling thread has begun is computed, and not for other threads. */
  public void finishStreamHere() {
    if (!isProcessor()) {
      torch_cuda.getCurrentCUDAStream((byte) ordinal).synchronize();
    }
  }

  /** Waits until all that was begun here is computed. */
  public void synchronize() {
    if (!isProcessor()) {
      torch.cuda_synchronize(ordinal);
    }
  }

  private TensorOptions options(ScalarType type) {
    return new TensorOptions(type).device(new DeviceOptional(device()));
  }

  /** As libtorch names it; belongs to the caller's pointer scope. */
  public Device device() {
    return isProcessor() ? new Device(DeviceType.CPU) : new Device(DeviceType.CUDA, (byte) ordinal);
  }

  @Override
  public String toString() {
    return label();
  }
}
