package io.dicm.feature.device;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.cuda.KernelModule;
import io.dicm.feature.cuda.KernelSource;
import io.dicm.feature.cuda.PinnedMemory;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What a GPU is asked for beside operations on tensors. What uses one comes by here, so that it can
 * be run, in tests, where there is no GPU. Safe for use by many threads.
 */
public interface Gpu {
  /** Which of those that the process sees. */
  int ordinal();

  /** As libtorch names it; belongs to the caller's pointer scope. */
  Device device();

  /** Whether a tensor's values are in its memory. */
  boolean holds(Tensor tensor);

  /** A tensor without values in the processor's memory, from where the GPU copies at full speed. */
  Tensor pinned(ScalarType type, long... shape);

  /**
   * What the calling thread begins from now on does not wait for what other threads begin, nor they
   * for it.
   */
  void useOwnStreamHere();

  /** Waits until all that the calling thread has begun is computed, and not for other threads. */
  void finishStreamHere();

  /** Waits until all that was begun is computed. */
  void synchronize();

  /** Copies beside what the calling thread computes; for one thread. */
  UploadStream uploads();

  /** A mark that is not set; for one thread. */
  DeviceMark mark();

  /**
   * Bytes of its memory that nobody has at the moment.
   *
   * @throws DicmException {@link ErrorCode#GPU_FAILED} when it does not say so, {@link
   *     ErrorCode#NATIVE_LIBRARY_UNAVAILABLE} where CUDA's libraries are not
   */
  long freeBytes();

  /**
   * Lets it read memory of the process itself.
   *
   * @param memory its address; stays the caller's
   * @param bytes how much of it
   * @throws DicmException {@link ErrorCode#MEMORY_PLAN_TOO_LARGE} when the system does not allow so
   *     much
   */
  PinnedMemory pin(Pointer memory, long bytes);

  /**
   * Loads kernels, compiled if they are not yet.
   *
   * @throws DicmException {@link ErrorCode#NATIVE_LIBRARY_UNAVAILABLE} where CUDA's libraries are
   *     not, {@link ErrorCode#STORAGE_FAILED} where compiled ones cannot be kept, {@link
   *     ErrorCode#GPU_FAILED} where they cannot be compiled or loaded
   */
  KernelModule load(KernelSource source);
}
