package io.dicm.app.master.stage;

import io.dicm.common.error.DicmException;

/**
 * How often a gang was started again.
 *
 * @param count how often
 * @param step the last time, from which step of the training; {@value #NO_STEP} where there are
 *     none
 * @param cause the last time, why: code and message
 */
record Restarts(int count, long step, String cause) {
  static final long NO_STEP = -1;
  static final Restarts NONE = new Restarts(0, 0, "");

  Restarts another(long fromStep, String because) {
    return new Restarts(count + 1, fromStep, because);
  }

  /** While the next gang starts: what it waits for, and why it starts. */
  String starting(String what) {
    return count == 0 ? what : "starting again%s after: %s (%s)".formatted(from(), cause, what);
  }

  /** While the gang works, with what it says. */
  String working(String note) {
    return count == 0 ? note : note + "; restarted " + times();
  }

  /** When all is done, with what came out. */
  String done(String detail) {
    return count == 0
        ? detail
        : "%s; restarted %s, last%s after: %s".formatted(detail, times(), from(), cause);
  }

  /**
   * With the failure that was the last.
   *
   * @param what was restarted, such as {@code training}
   */
  String failed(String what, String message) {
    return count == 0 ? message : message + " The " + what + " had been restarted " + times() + ".";
  }

  /**
   * With the failure by which no other gang came to be: it must not hide why one was needed again.
   *
   * @param what was restarted, such as {@code training}
   */
  DicmException notAgain(String what, DicmException failure) {
    return count == 0
        ? failure
        : new DicmException(
            failure.code(), failed(what, failure.getMessage()) + " Last cause: " + cause, failure);
  }

  private String from() {
    return step == NO_STEP ? "" : " from step " + step;
  }

  private String times() {
    return count == 1 ? "once" : count + " times";
  }
}
