package io.dicm.ams.cuda;

import static org.bytedeco.cuda.global.cudart.cuModuleGetFunction;
import static org.bytedeco.cuda.global.cudart.cuModuleLoadData;
import static org.bytedeco.cuda.global.cudart.cuModuleUnload;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.device.ComputeDevice;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * Kernels loaded on a GPU. Safe for use by many threads; closed when none of its kernels is used
 * any more, and the GPU has done what was launched.
 */
public final class CudaModule implements AutoCloseable {
  private final String name;
  private final CudaContext context;
  private final CUmod_st module;
  private final int multiprocessors;
  private boolean closed;

  private CudaModule(String name, CudaContext context, CUmod_st module) {
    this.name = name;
    this.context = context;
    this.module = module;
    this.multiprocessors = context.multiprocessors();
  }

  /**
   * Compiles what is not compiled yet, and loads it.
   *
   * @throws DicmException {@link ErrorCode#NATIVE_LIBRARY_UNAVAILABLE} where CUDA's libraries are
   *     not, {@link ErrorCode#GPU_FAILED} where it cannot be compiled or loaded
   */
  public static CudaModule load(
      KernelCompiler compiler, KernelSource source, ComputeDevice device) {
    CudaContext context = CudaContext.of(device);
    try {
      requireStreams(device);
      byte[] cubin = compiler.cubin(source, GpuArchitecture.of(context));
      return new CudaModule(source.name(), context, load(context, source.name(), cubin));
    } catch (RuntimeException | Error e) {
      context.close();
      throw e;
    }
  }

  /** What launches need besides the driver is found missing here, and not by the first one. */
  private static void requireStreams(ComputeDevice device) {
    try (PointerScope scope = new PointerScope()) {
      torch_cuda.getCurrentCUDAStream((byte) device.ordinal());
    } catch (LinkageError e) {
      throw new DicmException(
          ErrorCode.NATIVE_LIBRARY_UNAVAILABLE,
          "Cannot use the streams of %s: libtorch's library for them does not load: %s. It comes with a build for GPUs and needs the node's cuBLAS, cuDNN, cuSPARSE, cuSOLVER and CUPTI."
              .formatted(device, e.getMessage()),
          e);
    }
  }

  private static CUmod_st load(CudaContext context, String name, byte[] cubin) {
    try (PointerScope scope = new PointerScope()) {
      CUmod_st module = new CUmod_st();
      context.within(
          () ->
              CudaCalls.check(
                  cuModuleLoadData(module, new BytePointer(cubin)),
                  "load the kernels of " + name + " on " + context.device()));
      return module;
    }
  }

  /**
   * One of its kernels, valid until {@link #close}.
   *
   * @param kernel its name in the source, where it is {@code extern "C"}
   */
  public CudaKernel kernel(String kernel) {
    try (PointerScope scope = new PointerScope()) {
      CUfunc_st function = new CUfunc_st();
      context.within(
          () ->
              CudaCalls.check(
                  cuModuleGetFunction(function, module, kernel),
                  "find the kernel " + kernel + " of " + name));
      return new CudaKernel(kernel, context, function);
    }
  }

  /** Where the kernels run. */
  public ComputeDevice device() {
    return context.device();
  }

  /** Multiprocessors of the GPU, each of which runs some blocks at a time. */
  public int multiprocessors() {
    return multiprocessors;
  }

  /** May be called again. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      context.within(() -> cuModuleUnload(module));
      context.close();
    }
  }
}
