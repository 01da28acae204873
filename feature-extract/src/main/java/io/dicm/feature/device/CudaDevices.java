package io.dicm.feature.device;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_cuda;

/** The GPUs that a process sees; asked last, when all that libtorch needs of a node is there. */
@FunctionalInterface
interface CudaDevices {
  /**
   * How many there are; 0 where libtorch cannot use any.
   *
   * @throws LinkageError when libtorch does not load
   */
  int count();

  /** By libtorch, which this loads in its build for CUDA. */
  static CudaDevices ofLibTorch() {
    return () -> {
      TorchBuild.chooseCuda();
      int count = torch.cuda_is_available() ? torch.cuda_device_count() : 0;
      if (count > 0) {
        // Streams are of another library, which loads with more of CUDA: now, not in a step.
        try (PointerScope scope = new PointerScope()) {
          torch_cuda.getCurrentCUDAStream((byte) 0);
        }
      }
      return count;
    };
  }
}
