package io.dicm.feature.cuda;

import static org.bytedeco.cuda.global.cudart.cuLaunchKernel;
import static org.bytedeco.cuda.global.cudart.cuOccupancyMaxActiveBlocksPerMultiprocessor;

import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch_cuda;

/** A kernel of a {@link CudaModule}. Safe for use by many threads. */
final class CudaKernel implements Kernel {
  private final String name;
  private final CudaContext context;
  private final CUfunc_st function;

  CudaKernel(String name, CudaContext context, CUfunc_st function) {
    this.name = name;
    this.context = context;
    this.function = function;
  }

  @Override
  public int blocksOfMultiprocessor(int threads) {
    try (PointerScope scope = new PointerScope()) {
      IntPointer blocks = new IntPointer(1);
      context.within(
          () ->
              CudaCalls.check(
                  cuOccupancyMaxActiveBlocksPerMultiprocessor(blocks, function, threads, 0),
                  "ask how many blocks of " + name + " fit on " + context.label()));
      return Math.max(1, blocks.get());
    }
  }

  @Override
  public void launch(LaunchShape shape, KernelArguments arguments) {
    try (PointerScope scope = new PointerScope()) {
      byte ordinal = (byte) context.ordinal();
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
                  "launch " + name + " on " + context.label()));
    }
  }
}
