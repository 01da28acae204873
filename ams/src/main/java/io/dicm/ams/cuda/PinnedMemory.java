package io.dicm.ams.cuda;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;

/**
 * Memory of the process that a GPU reads itself, at the address that the process has it at, for as
 * long as this is open. The system cannot move it out meanwhile. To be closed before the memory is
 * freed.
 */
public final class PinnedMemory implements AutoCloseable {
  private final Pointer memory;

  private PinnedMemory(Pointer memory) {
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
  public static PinnedMemory of(Pointer memory, long bytes) {
    int error = cudart.cudaHostRegister(memory, bytes, cudart.cudaHostRegisterMapped);
    if (error != cudart.cudaSuccess) {
      throw new DicmException(
          ErrorCode.MEMORY_PLAN_TOO_LARGE,
          "Cannot let the GPU read %d bytes of the process's memory: CUDA error %d (%s). Allow the process to lock so much memory (ulimit -l), or compute on the processor."
              .formatted(bytes, error, cudart.cudaGetErrorString(error).getString()));
    }
    return new PinnedMemory(memory);
  }

  @Override
  public void close() {
    cudart.cudaHostUnregister(memory);
  }
}
