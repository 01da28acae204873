package io.dicm.feature.encode;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;

/** Turns the failure to load libtorch into an error that says what it needs. */
final class LibTorch {
  private LibTorch() {}

  /** Makes something of libtorch. */
  @FunctionalInterface
  interface Maker<T> {
    T make() throws IOException;
  }

  /**
   * Runs the first code that uses libtorch.
   *
   * @throws DicmException {@link ErrorCode#NATIVE_LIBRARY_UNAVAILABLE}
   */
  static <T> T load(Maker<T> maker) throws IOException {
    try {
      return maker.make();
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new DicmException(
          ErrorCode.NATIVE_LIBRARY_UNAVAILABLE,
          "Cannot load libtorch: " + e.getMessage() + ". It needs glibc 2.35 on x86-64 Linux.",
          e);
    }
  }
}
