package io.dicm.ams.cuda;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.device.ComputeDevice;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * A GPU's memory at a moment, of which other processes may take as well.
 *
 * @param freeBytes nobody has
 * @param totalBytes all of it
 */
public record GpuMemory(long freeBytes, long totalBytes) {
  /**
   * Asks the driver.
   *
   * @throws DicmException {@link ErrorCode#NATIVE_LIBRARY_UNAVAILABLE} when it does not answer
   */
  public static GpuMemory of(ComputeDevice device) {
    try (PointerScope scope = new PointerScope()) {
      SizeTPointer free = new SizeTPointer(1);
      SizeTPointer total = new SizeTPointer(1);
      int error = cudart.cudaSetDevice(device.ordinal());
      if (error == cudart.cudaSuccess) {
        error = cudart.cudaMemGetInfo(free, total);
      }
      if (error != cudart.cudaSuccess) {
        throw new DicmException(
            ErrorCode.NATIVE_LIBRARY_UNAVAILABLE,
            "Cannot ask %s for its memory: CUDA error %d (%s)."
                .formatted(device, error, cudart.cudaGetErrorString(error).getString()));
      }
      return new GpuMemory(free.get(), total.get());
    }
  }
}
