package io.dicm.app.master.stage;

/**
 * How often a training was started again.
 *
 * @param count how often
 * @param step the last time, from which step
 * @param cause the last time, why: code and message
 */
record Restarts(int count, long step, String cause) {
  static final Restarts NONE = new Restarts(0, 0, "");

  Restarts another(long fromStep, String because) {
    return new Restarts(count + 1, fromStep, because);
  }

  /** While the next gang starts: what it waits for, and why it starts. */
  String starting(String what) {
    return count == 0
        ? what
        : "starting again from step %d after: %s (%s)".formatted(step, cause, what);
  }

  /** While the gang works, with what it says. */
  String working(String note) {
    return count == 0 ? note : note + "; restarted " + times();
  }

  /** When all is done, with what came out. */
  String done(String detail) {
    return count == 0
        ? detail
        : "%s; restarted %s, last from step %d after: %s".formatted(detail, times(), step, cause);
  }

  /** With the failure that was the last. */
  String failed(String message) {
    return count == 0 ? message : message + " The training had been restarted " + times() + ".";
  }

  private String times() {
    return count == 1 ? "once" : count + " times";
  }
}
