package io.dicm.feature.cuda;

/**
 * Kernels loaded on a GPU. Safe for use by many threads; closed when none of its kernels is used
 * any more, and the GPU has done what was launched.
 */
public interface KernelModule extends AutoCloseable {
  /**
   * One of its kernels, valid until {@link #close}.
   *
   * @param kernel its name in the source, where it is {@code extern "C"}
   */
  Kernel kernel(String kernel);

  /** Multiprocessors of the GPU, each of which runs some blocks at a time. */
  int multiprocessors();

  /** May be called again. */
  @Override
  void close();
}
