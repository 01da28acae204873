package io.dicm.feature.cuda;

import static org.bytedeco.cuda.global.cudart.cuModuleGetFunction;
import static org.bytedeco.cuda.global.cudart.cuModuleLoadData;
import static org.bytedeco.cuda.global.cudart.cuModuleUnload;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch_cuda;

/** Kernels loaded by CUDA's driver. Safe for use by many threads. */
public final class CudaModule implements KernelModule {
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
   * @param ordinal of the GPU, among those that the process sees
   * @throws DicmException {@link ErrorCode#NATIVE_LIBRARY_UNAVAILABLE} where CUDA's libraries are
   *     not, {@link ErrorCode#GPU_FAILED} where it cannot be compiled or loaded
   */
  public static CudaModule load(KernelCompiler compiler, KernelSource source, int ordinal) {
    CudaContext context = CudaContext.of(ordinal);
    try {
      requireStreams(context);
      byte[] cubin = compiler.cubin(source, GpuArchitecture.of(context));
      return new CudaModule(source.name(), context, load(context, source.name(), cubin));
    } catch (RuntimeException | Error e) {
      context.close();
      throw e;
    }
  }

  /** What launches need besides the driver is found missing here, and not by the first one. */
  private static void requireStreams(CudaContext context) {
    try (PointerScope scope = new PointerScope()) {
      torch_cuda.getCurrentCUDAStream((byte) context.ordinal());
    } catch (LinkageError e) {
      throw new DicmException(
          ErrorCode.NATIVE_LIBRARY_UNAVAILABLE,
          "Cannot use the streams of %s: libtorch's library for them does not load: %s. It comes with a build for GPUs and needs the node's cuBLAS, cuDNN, cuSPARSE, cuSOLVER and CUPTI."
              .formatted(context.label(), e.getMessage()),
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
                  "load the kernels of " + name + " on " + context.label()));
      return module;
    }
  }

  @Override
  public Kernel kernel(String kernel) {
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

  @Override
  public int multiprocessors() {
    return multiprocessors;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      context.within(() -> cuModuleUnload(module));
      context.close();
    }
  }
}
