package io.dicm.feature.device;

import io.dicm.feature.cuda.CudaModule;
import io.dicm.feature.cuda.CudaPinnedMemory;
import io.dicm.feature.cuda.GpuMemory;
import io.dicm.feature.cuda.KernelCompiler;
import io.dicm.feature.cuda.KernelModule;
import io.dicm.feature.cuda.KernelSource;
import io.dicm.feature.cuda.PinnedMemory;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * A GPU by libtorch and CUDA.
 *
 * @param ordinal among those that the process sees, from 0 on
 */
record CudaGpu(int ordinal) implements Gpu {
  CudaGpu {
    if (ordinal < 0 || ordinal > Byte.MAX_VALUE) {
      throw new IllegalArgumentException("GPU was " + ordinal + ", needed 0 or more");
    }
  }

  @Override
  public Device device() {
    return new Device(DeviceType.CUDA, (byte) ordinal);
  }

  @Override
  public boolean holds(Tensor tensor) {
    try (PointerScope scope = new PointerScope()) {
      return tensor.is_cuda() && tensor.device().index() == ordinal;
    }
  }

  @Override
  public Tensor pinned(ScalarType type, long... shape) {
    TensorOptions options = new TensorOptions(type).pinned_memory(new BoolOptional(true));
    return torch.empty(shape, options, new MemoryFormatOptional());
  }

  @Override
  public void useOwnStreamHere() {
    torch_cuda.setCurrentCUDAStream(torch_cuda.getStreamFromPool(false, (byte) ordinal));
  }

  @Override
  public void finishStreamHere() {
    torch_cuda.getCurrentCUDAStream((byte) ordinal).synchronize();
  }

  @Override
  public void synchronize() {
    torch.cuda_synchronize(ordinal);
  }

  @Override
  public UploadStream uploads() {
    return new CudaUploadStream(ordinal);
  }

  @Override
  public DeviceMark mark() {
    return new CudaMark(ordinal);
  }

  @Override
  public long freeBytes() {
    return GpuMemory.freeBytes(ordinal);
  }

  @Override
  public PinnedMemory pin(Pointer memory, long bytes) {
    return CudaPinnedMemory.of(memory, bytes);
  }

  @Override
  public KernelModule load(KernelSource source) {
    return CudaModule.load(KernelCompiler.ofProcess(), source, ordinal);
  }
}
