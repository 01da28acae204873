package io.dicm.feature.cuda;

import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;
import static org.bytedeco.cuda.global.cudart.cuCtxPopCurrent;
import static org.bytedeco.cuda.global.cudart.cuCtxPushCurrent;
import static org.bytedeco.cuda.global.cudart.cuDeviceGet;
import static org.bytedeco.cuda.global.cudart.cuDeviceGetAttribute;
import static org.bytedeco.cuda.global.cudart.cuDevicePrimaryCtxRelease;
import static org.bytedeco.cuda.global.cudart.cuDevicePrimaryCtxRetain;
import static org.bytedeco.cuda.global.cudart.cuInit;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * A GPU's primary context, which libtorch uses too: modules and tensors of one know the other's.
 * Safe for use by many threads; closed after all that was loaded in it.
 */
final class CudaContext implements AutoCloseable {
  private final int ordinal;
  private final int driverDevice;
  private final CUctx_st context;
  private boolean closed;

  private CudaContext(int ordinal, int driverDevice, CUctx_st context) {
    this.ordinal = ordinal;
    this.driverDevice = driverDevice;
    this.context = context;
  }

  /**
   * A GPU's.
   *
   * @param ordinal among those that the process sees
   * @throws DicmException {@link ErrorCode#NATIVE_LIBRARY_UNAVAILABLE} where CUDA's libraries are
   *     not, {@link ErrorCode#GPU_FAILED} where the GPU is not or cannot be used
   */
  static CudaContext of(int ordinal) {
    String label = label(ordinal);
    try (PointerScope scope = new PointerScope()) {
      CudaCalls.check(cuInit(0), "use CUDA");
      IntPointer driverDevice = new IntPointer(1);
      CudaCalls.check(cuDeviceGet(driverDevice, ordinal), "find " + label);
      CUctx_st context = new CUctx_st();
      CudaCalls.check(cuDevicePrimaryCtxRetain(context, driverDevice.get()), "use " + label);
      return new CudaContext(ordinal, driverDevice.get(), context);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new DicmException(
          ErrorCode.NATIVE_LIBRARY_UNAVAILABLE,
          "Cannot use %s: CUDA's libraries do not load: %s. They come with a build for GPUs, the node's driver and CUDA 13."
              .formatted(label, e.getMessage()),
          e);
    }
  }

  /** The GPU, among those that the process sees. */
  int ordinal() {
    return ordinal;
  }

  /** As messages name the GPU: {@code cuda:0}. */
  String label() {
    return label(ordinal);
  }

  private static String label(int ordinal) {
    return "cuda:" + ordinal;
  }

  /** What the driver says of the GPU. */
  int attribute(int attribute) {
    try (PointerScope scope = new PointerScope()) {
      IntPointer value = new IntPointer(1);
      CudaCalls.check(
          cuDeviceGetAttribute(value, attribute, driverDevice), "ask " + label() + " what it is");
      return value.get();
    }
  }

  /** Multiprocessors, each of which runs some blocks at a time. */
  int multiprocessors() {
    return attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
  }

  /** Runs something with this context as the thread's, which keeps the one that it has. */
  void within(Runnable calls) {
    CudaCalls.check(cuCtxPushCurrent(context), "use " + label());
    try {
      calls.run();
    } finally {
      try (PointerScope scope = new PointerScope()) {
        cuCtxPopCurrent(new CUctx_st());
      }
    }
  }

  /** May be called again. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      cuDevicePrimaryCtxRelease(driverDevice);
    }
  }
}
