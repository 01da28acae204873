package io.dicm.feature.cuda;

import static org.bytedeco.cuda.global.cudart.CUDA_SUCCESS;
import static org.bytedeco.cuda.global.cudart.cuGetErrorName;
import static org.bytedeco.cuda.global.cudart.cuGetErrorString;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;

/** Turns the results of CUDA's driver into errors in words. */
final class CudaCalls {
  private CudaCalls() {}

  /**
   * Requires success.
   *
   * @param what was to be done, after "Cannot"
   * @throws DicmException {@link ErrorCode#GPU_FAILED}
   */
  static void check(int result, String what) {
    if (result != CUDA_SUCCESS) {
      throw new DicmException(ErrorCode.GPU_FAILED, "Cannot " + what + ": " + words(result) + ".");
    }
  }

  /** Name and meaning of a result. */
  private static String words(int result) {
    try (PointerScope scope = new PointerScope()) {
      PointerPointer<BytePointer> text = new PointerPointer<>(1);
      String name =
          cuGetErrorName(result, text) == CUDA_SUCCESS
              ? text.get(BytePointer.class, 0).getString()
              : "CUDA error " + result;
      return cuGetErrorString(result, text) == CUDA_SUCCESS
          ? name + " (" + text.get(BytePointer.class, 0).getString() + ")"
          : name;
    }
  }
}
