package io.dicm.trainer.model;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/** How many threads native code computes with: settings of the whole process, the last one wins. */
public final class NativeThreads {
  private NativeThreads() {}

  /** Sets libtorch's threads and OpenBLAS's, which libtorch's setting does not reach. */
  public static void use(int threads) {
    torch.set_num_threads(threads);
    openblas_nolapack.blas_set_num_threads(threads);
  }
}
