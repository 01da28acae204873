package io.dicm.feature.cuda;

import static org.junit.jupiter.api.Assumptions.abort;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/** NVRTC for tests, where its library is there. */
public final class Nvrtcs {
  private Nvrtcs() {}

  /** Loads it; where it is not, the test is skipped. */
  public static Nvrtc load() {
    try {
      return Nvrtc.load();
    } catch (DicmException e) {
      if (e.code() != ErrorCode.NATIVE_LIBRARY_UNAVAILABLE) {
        throw e;
      }
      return abort(e.getMessage());
    }
  }
}
