package io.dicm.ams.compute;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/** How many threads native code computes with. */
public final class NativeThreads {
  private NativeThreads() {}

  /**
   * Sets libtorch's threads, for work that the calling thread begins and for threads that have not
   * computed yet, and OpenBLAS's, which libtorch's setting does not reach and which all threads of
   * the process share: whoever sets it last wins. Where the native libraries lie in an unpacked
   * folder, as in containers, libtorch may have another copy of OpenBLAS than the one set here: the
   * environment has to say the same ({@code NativeOptions}).
   */
  public static void use(int threads) {
    torch.set_num_threads(threads);
    // A thread takes over the process's number when libtorch first asks for it, and another thread
    // may have set it until then.
    torch.get_num_threads();
    openblas_nolapack.blas_set_num_threads(threads);
  }

  /**
   * Has libtorch compute what the calling thread begins on that thread alone, and what threads that
   * have not computed yet begin.
   */
  static void useOneHere() {
    torch.set_num_threads(1);
  }
}
