package io.dicm.feature.cuda;

/**
 * A kernel and the blocks that the GPU runs of it at a time.
 *
 * @param blocks of so many threads as the kernel was asked for
 */
public record SizedKernel(Kernel kernel, int blocks) {
  /**
   * One of a module's.
   *
   * @param name in the source
   * @param threads of a block
   */
  public static SizedKernel of(KernelModule module, String name, int threads) {
    Kernel kernel = module.kernel(name);
    return new SizedKernel(
        kernel, module.multiprocessors() * kernel.blocksOfMultiprocessor(threads));
  }
}
