package io.dicm.feature.cuda;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;

/** Memory that is pinned by CUDA's runtime. */
public final class CudaPinnedMemory implements PinnedMemory {
  private final Pointer memory;

  private CudaPinnedMemory(Pointer memory) {
    this.memory = memory;
  }

  /**
   * Pins memory that is there already.
   *
   * @param memory its address; stays the caller's
   * @param bytes how much of it
   * @throws DicmException {@link ErrorCode#MEMORY_PLAN_TOO_LARGE} when the system does not allow so
   *     much
   */
  public static CudaPinnedMemory of(Pointer memory, long bytes) {
    int error = cudart.cudaHostRegister(memory, bytes, cudart.cudaHostRegisterMapped);
    if (error != cudart.cudaSuccess) {
      throw new DicmException(
          ErrorCode.MEMORY_PLAN_TOO_LARGE,
          "Cannot let the GPU read %d bytes of the process's memory: CUDA error %d (%s). Allow the process to lock so much memory (ulimit -l), or compute on the processor."
              .formatted(bytes, error, cudart.cudaGetErrorString(error).getString()));
    }
    return new CudaPinnedMemory(memory);
  }

  @Override
  public void close() {
    cudart.cudaHostUnregister(memory);
  }
}
