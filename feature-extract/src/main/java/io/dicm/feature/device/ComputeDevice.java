package io.dicm.feature.device;

import java.util.Arrays;
import java.util.function.Consumer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Where tensors are and are computed: code that takes its tensors from here is the same for the
 * processor and for a GPU. Tensors belong to the caller's pointer scope. Immutable and safe for use
 * by many threads.
 */
public final class ComputeDevice {
  /** The processor; its tensors' memory is the process's own. */
  public static final ComputeDevice PROCESSOR = new ComputeDevice(null, new PlainCopies());

  /** Null: the processor. */
  private final Gpu gpu;

  private final ArrayCopies copies;

  private ComputeDevice(Gpu gpu, ArrayCopies copies) {
    this.gpu = gpu;
    this.copies = copies;
  }

  /**
   * A GPU.
   *
   * @param ordinal among those that the process sees, from 0 on
   */
  public static ComputeDevice cuda(int ordinal) {
    return of(new CudaGpu(ordinal));
  }

  /** A GPU, of whatever kind. */
  static ComputeDevice of(Gpu gpu) {
    return new ComputeDevice(gpu, new PlainCopies());
  }

  /**
   * The same device, which has the floats of Java's arrays copied in another way than by the
   * calling thread alone.
   */
  public ComputeDevice copyingBy(ArrayCopies other) {
    return new ComputeDevice(gpu, other);
  }

  /** Whether tensors lie in the process's own memory. */
  public boolean isProcessor() {
    return gpu == null;
  }

  /**
   * Which of the GPUs that the process sees.
   *
   * @throws IllegalStateException for the processor
   */
  public int ordinal() {
    return gpu().ordinal();
  }

  /**
   * What a GPU is asked for beside operations on tensors.
   *
   * @throws IllegalStateException for the processor
   */
  public Gpu gpu() {
    if (isProcessor()) {
      throw new IllegalStateException("The processor is no GPU");
    }
    return gpu;
  }

  /** Whether a tensor's values are in this device's memory. */
  public boolean holds(Tensor tensor) {
    return isProcessor() ? !tensor.is_cuda() : gpu.holds(tensor);
  }

  /** Copies beside what the calling thread computes; for one thread. */
  public UploadStream uploads() {
    return isProcessor() ? DoneAtOnce.HERE : gpu.uploads();
  }

  /** A mark that is not set; for one thread. */
  public DeviceMark mark() {
    return isProcessor() ? DoneAtOnce.HERE : gpu.mark();
  }

  /** As options and documents name it: {@code cpu}, {@code cuda:0}. */
  public String label() {
    return isProcessor() ? "cpu" : "cuda:" + ordinal();
  }

  /** Without values. */
  public Tensor empty(ScalarType type, long... shape) {
    return torch.empty(shape, options(type), new MemoryFormatOptional());
  }

  /** Without values, [n, channels, height, width] of which a pixel's channels lie side by side. */
  public Tensor emptyChannelsLast(ScalarType type, long n, long channels, long height, long width) {
    return torch.empty(
        new long[] {n, channels, height, width},
        options(type),
        new MemoryFormatOptional(MemoryFormat.ChannelsLast));
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
    return isProcessor() ? tensor : placed(tensor, false);
  }

  /**
   * A tensor of {@link #pinned} memory, here; does not wait for the copy. What is computed from it
   * does, and the memory has to stay as it is until that is read.
   *
   * @return on the processor the tensor itself
   */
  public Tensor beginPlace(Tensor tensor) {
    return isProcessor() ? tensor : placed(tensor, true);
  }

  /** A copy in any case, as from one memory to another. */
  private Tensor placed(Tensor tensor, boolean withoutWaiting) {
    return tensor.to(
        device(), tensor.scalar_type(), withoutWaiting, true, new MemoryFormatOptional());
  }

  /**
   * A tensor of the processor's where another one is; does not wait for the copy, and what is
   * computed from it does.
   *
   * @param tensor of ordinary memory: what is pinned already would have to stay as it is until the
   *     copy has ended
   * @return on the processor the tensor itself
   */
  public static Tensor beside(Tensor tensor, Tensor other) {
    if (other.is_cpu()) {
      return tensor;
    }
    // libtorch gives pinned memory to nobody else before the copy has ended.
    try (Tensor pinned = tensor.pin_memory()) {
      return pinned.to(
          other.device(), tensor.scalar_type(), true, true, new MemoryFormatOptional());
    }
  }

  /**
   * Without values, in the processor's memory, from where this GPU copies at full speed.
   *
   * @throws IllegalStateException for the processor, which has no use for it
   */
  public Tensor pinned(ScalarType type, long... shape) {
    return gpu().pinned(type, shape);
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
        : contiguous.to(
            new Device(DeviceType.CPU),
            contiguous.scalar_type(),
            false,
            true,
            new MemoryFormatOptional());
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

  /**
   * Copies neighbouring floats of the processor's memory to Java, as they are: of a {@link #pinned}
   * tensor, when what a GPU copies there has ended.
   *
   * @param from the first one
   * @param target gets so many
   */
  public void readHere(Tensor tensor, int from, float[] target) {
    if (target.length > 0) {
      try (PointerScope scope = new PointerScope()) {
        FloatPointer values = new FloatPointer(tensor.data_ptr());
        copies.get(values.getPointer(from), target, 0, target.length);
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
      gpu.useOwnStreamHere();
    }
  }

  /** Waits until all that the calling thread has begun is computed, and not for other threads. */
  public void finishStreamHere() {
    if (!isProcessor()) {
      gpu.finishStreamHere();
    }
  }

  /** Waits until all that was begun here is computed. */
  public void synchronize() {
    if (!isProcessor()) {
      gpu.synchronize();
    }
  }

  private TensorOptions options(ScalarType type) {
    return new TensorOptions(type).device(new DeviceOptional(device()));
  }

  /** As libtorch names it; belongs to the caller's pointer scope. */
  public Device device() {
    return isProcessor() ? new Device(DeviceType.CPU) : gpu.device();
  }

  @Override
  public String toString() {
    return label();
  }
}
