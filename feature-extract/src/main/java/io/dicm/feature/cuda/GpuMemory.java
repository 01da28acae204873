package io.dicm.feature.cuda;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.SizeTPointer;

/** A GPU's memory, of which other processes may take as well. */
public final class GpuMemory {
  private GpuMemory() {}

  /**
   * Bytes that nobody has at the moment.
   *
   * @param ordinal of the GPU, among those that the process sees
   * @throws DicmException {@link ErrorCode#NATIVE_LIBRARY_UNAVAILABLE} where CUDA's libraries are
   *     not, {@link ErrorCode#GPU_FAILED} when the driver does not answer
   */
  public static long freeBytes(int ordinal) {
    try (PointerScope scope = new PointerScope()) {
      SizeTPointer free = new SizeTPointer(1);
      SizeTPointer total = new SizeTPointer(1);
      int error = cudart.cudaSetDevice(ordinal);
      if (error == cudart.cudaSuccess) {
        error = cudart.cudaMemGetInfo(free, total);
      }
      if (error != cudart.cudaSuccess) {
        throw new DicmException(
            ErrorCode.GPU_FAILED,
            "Cannot ask cuda:%d for its memory: CUDA error %d (%s)."
                .formatted(ordinal, error, cudart.cudaGetErrorString(error).getString()));
      }
      return free.get();
    } catch (LinkageError e) {
      throw new DicmException(
          ErrorCode.NATIVE_LIBRARY_UNAVAILABLE,
          "Cannot ask cuda:%d for its memory: CUDA's runtime does not load: %s. It comes with a build for GPUs and the node's CUDA 13."
              .formatted(ordinal, e.getMessage()),
          e);
    }
  }
}
