package io.dicm.feature.cuda;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/** A kernel of a {@link KernelModule}, valid as long as that. Safe for use by many threads. */
public interface Kernel {
  /**
   * Blocks that a multiprocessor has room for at a time, by the registers and the shared memory
   * that the compiled kernel takes; the same in each run of one build on one kind of GPU.
   *
   * @param threads of a block
   * @throws DicmException {@link ErrorCode#GPU_FAILED} when the driver does not answer
   */
  int blocksOfMultiprocessor(int threads);

  /**
   * Launches it on the thread's current stream of libtorch: after what libtorch was told before,
   * and before what it is told next. Does not wait.
   *
   * @throws DicmException {@link ErrorCode#GPU_FAILED} when it cannot be launched, or something
   *     launched before has failed
   */
  void launch(LaunchShape shape, KernelArguments arguments);
}
