package io.dicm.app.doctor;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * One answer of the doctor's.
 *
 * @param level how it is to be taken
 * @param code what a failure is; null for others
 * @param what was looked at, in one or two words
 * @param value what was found, on one line
 * @param advice what to do; empty where there is nothing to do
 */
public record Finding(Level level, ErrorCode code, String what, String value, String advice) {
  public Finding {
    value = value.replaceAll("\\s*\\R\\s*", " ").strip();
  }

  /** All is well. */
  public static Finding ok(String what, String value) {
    return new Finding(Level.OK, null, what, value, "");
  }

  /** A run may work all the same. */
  public static Finding warning(String what, String value, String advice) {
    return new Finding(Level.WARNING, null, what, value, advice);
  }

  /** A run would fail. */
  public static Finding failed(ErrorCode code, String what, String value, String advice) {
    return new Finding(Level.FAILED, code, what, value, advice);
  }

  /** A run would fail with this sentence, which says itself what to do. */
  public static Finding failed(String what, DicmException failure) {
    return failed(failure.code(), what, failure.getMessage(), "");
  }
}
