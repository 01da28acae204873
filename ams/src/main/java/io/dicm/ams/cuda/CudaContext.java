package io.dicm.ams.cuda;

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
import io.dicm.feature.device.ComputeDevice;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * A GPU's primary context, which libtorch uses too: modules and tensors of one know the other's.
 * Safe for use by many threads; closed after all that was loaded in it.
 */
final class CudaContext implements AutoCloseable {
  private final ComputeDevice device;
  private final int driverDevice;
  private final CUctx_st context;
  private boolean closed;

  private CudaContext(ComputeDevice device, int driverDevice, CUctx_st context) {
    this.device = device;
    this.driverDevice = driverDevice;
    this.context = context;
  }

  /**
   * A GPU's.
   *
   * @throws DicmException {@link ErrorCode#NATIVE_LIBRARY_UNAVAILABLE} where CUDA's libraries are
   *     not, {@link ErrorCode#GPU_FAILED} where the GPU is not or cannot be used
   */
  static CudaContext of(ComputeDevice device) {
    int ordinal = device.ordinal();
    try (PointerScope scope = new PointerScope()) {
      CudaCalls.check(cuInit(0), "use CUDA");
      IntPointer driverDevice = new IntPointer(1);
      CudaCalls.check(cuDeviceGet(driverDevice, ordinal), "find " + device);
      CUctx_st context = new CUctx_st();
      CudaCalls.check(cuDevicePrimaryCtxRetain(context, driverDevice.get()), "use " + device);
      return new CudaContext(device, driverDevice.get(), context);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new DicmException(
          ErrorCode.NATIVE_LIBRARY_UNAVAILABLE,
          "Cannot use %s: CUDA's libraries do not load: %s. They come with a build for GPUs, the node's driver and CUDA 13."
              .formatted(device, e.getMessage()),
          e);
    }
  }

  /** The GPU. */
  ComputeDevice device() {
    return device;
  }

  /** What the driver says of the GPU. */
  int attribute(int attribute) {
    try (PointerScope scope = new PointerScope()) {
      IntPointer value = new IntPointer(1);
      CudaCalls.check(
          cuDeviceGetAttribute(value, attribute, driverDevice), "ask " + device + " what it is");
      return value.get();
    }
  }

  /** Multiprocessors, each of which runs some blocks at a time. */
  int multiprocessors() {
    return attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
  }

  /** Runs something with this context as the thread's, which keeps the one that it has. */
  void within(Runnable calls) {
    CudaCalls.check(cuCtxPushCurrent(context), "use " + device);
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
