package io.dicm.feature.device;

import io.dicm.feature.cuda.KernelModule;
import io.dicm.feature.cuda.KernelOnCpu;
import io.dicm.feature.cuda.KernelSource;
import io.dicm.feature.cuda.PinnedMemory;
import io.dicm.feature.cuda.ProcessorKernels;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Stands in for a GPU where there is none: all that is done for a GPU is done, in the processor's
 * memory, with the kernels' own source and at once. What it cannot show is what comes of doing
 * things later, and of memory that is apart.
 */
public final class StandInGpu implements Gpu {
  private final Function<KernelSource, KernelModule> loader;
  private final Map<KernelSource, KernelModule> loaded = new ConcurrentHashMap<>();
  private final long freeBytes;

  private StandInGpu(Function<KernelSource, KernelModule> loader, long freeBytes) {
    this.loader = loader;
    this.freeBytes = freeBytes;
  }

  /**
   * A device with memory enough.
   *
   * @param folder for compiled kernels
   */
  public static ComputeDevice device(Path folder) {
    return device(folder, Long.MAX_VALUE);
  }

  /**
   * A device; without g++ the test is skipped.
   *
   * @param folder for compiled kernels
   * @param freeBytes of its memory
   */
  public static ComputeDevice device(Path folder, long freeBytes) {
    // Here, on the test's thread: a kernel's first launch may be on another.
    KernelOnCpu.compiler();
    return ComputeDevice.of(
        new StandInGpu(source -> new ProcessorKernels(source, folder), freeBytes));
  }

  /** A device on which no kernel loads. */
  public static ComputeDevice withoutKernels(Supplier<? extends RuntimeException> failure) {
    return ComputeDevice.of(
        new StandInGpu(
            source -> {
              throw failure.get();
            },
            Long.MAX_VALUE));
  }

  @Override
  public int ordinal() {
    return 0;
  }

  @Override
  public Device device() {
    return new Device(DeviceType.CPU);
  }

  @Override
  public boolean holds(Tensor tensor) {
    return !tensor.is_cuda();
  }

  @Override
  public Tensor pinned(ScalarType type, long... shape) {
    return ComputeDevice.PROCESSOR.empty(type, shape);
  }

  @Override
  public void useOwnStreamHere() {}

  @Override
  public void finishStreamHere() {}

  @Override
  public void synchronize() {}

  @Override
  public UploadStream uploads() {
    return DoneAtOnce.HERE;
  }

  @Override
  public DeviceMark mark() {
    return DoneAtOnce.HERE;
  }

  @Override
  public long freeBytes() {
    return freeBytes;
  }

  @Override
  public PinnedMemory pin(Pointer memory, long bytes) {
    return () -> {};
  }

  @Override
  public KernelModule load(KernelSource source) {
    return loaded.computeIfAbsent(source, loader);
  }
}
