package io.dicm.feature.device;

import org.bytedeco.pytorch.global.torch;

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
      return torch.cuda_is_available() ? torch.cuda_device_count() : 0;
    };
  }
}
