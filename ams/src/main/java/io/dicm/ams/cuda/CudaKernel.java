package io.dicm.ams.cuda;

import static org.bytedeco.cuda.global.cudart.cuLaunchKernel;
import static org.bytedeco.cuda.global.cudart.cuOccupancyMaxActiveBlocksPerMultiprocessor;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch_cuda;

/** A kernel of a {@link CudaModule}, valid as long as that. Safe for use by many threads. */
public final class CudaKernel {
  private final String name;
  private final CudaContext context;
  private final CUfunc_st function;

  CudaKernel(String name, CudaContext context, CUfunc_st function) {
    this.name = name;
    this.context = context;
    this.function = function;
  }

  /**
   * Blocks that a multiprocessor has room for at a time, by the registers and the shared memory
   * that the compiled kernel takes; the same in each run of one build on one kind of GPU.
   *
   * @param threads of a block
   * @throws DicmException {@link ErrorCode#GPU_FAILED} when the driver does not answer
   */
  public int blocksOfMultiprocessor(int threads) {
    try (PointerScope scope = new PointerScope()) {
      IntPointer blocks = new IntPointer(1);
      context.within(
          () ->
              CudaCalls.check(
                  cuOccupancyMaxActiveBlocksPerMultiprocessor(blocks, function, threads, 0),
                  "ask how many blocks of " + name + " fit on " + context.device()));
      return Math.max(1, blocks.get());
    }
  }

  /**
   * Launches it on the thread's current stream of libtorch: after what libtorch was told before,
   * and before what it is told next. Does not wait.
   *
   * @throws DicmException {@link ErrorCode#GPU_FAILED} when it cannot be launched, or something
   *     launched before has failed
   */
  public void launch(LaunchShape shape, KernelArguments arguments) {
    try (PointerScope scope = new PointerScope()) {
      byte ordinal = (byte) context.device().ordinal();
      launch(shape, arguments, torch_cuda.getCurrentCUDAStream(ordinal).stream());
    }
  }

  /**
   * Launches it on a stream of the GPU; as {@link #launch(LaunchShape, KernelArguments)}.
   *
   * @param stream null for the device's first one
   */
  void launch(LaunchShape shape, KernelArguments arguments, CUstream_st stream) {
    try (PointerScope scope = new PointerScope()) {
      long[] slots = arguments.slots();
      LongPointer values = new LongPointer(slots);
      PointerPointer<LongPointer> places = new PointerPointer<>(Math.max(slots.length, 1));
      for (int i = 0; i < slots.length; i++) {
        places.put(i, values.getPointer(i));
      }
      context.within(
          () ->
              CudaCalls.check(
                  cuLaunchKernel(
                      function,
                      shape.blocks(),
                      1,
                      1,
                      shape.threadsX(),
                      shape.threadsY(),
                      1,
                      0,
                      stream,
                      places,
                      (PointerPointer<?>) null),
                  "launch " + name + " on " + context.device()));
    }
  }
}
