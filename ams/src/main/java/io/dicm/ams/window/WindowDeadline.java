package io.dicm.ams.window;

/** The time by which something has to happen in a window where somebody waits. For one thread. */
final class WindowDeadline {
  private final WindowTimer timer;
  private final long timeoutMs;
  private final Runnable expired;
  private Runnable cancel;

  WindowDeadline(WindowTimer timer, long timeoutMs, Runnable expired) {
    this.timer = timer;
    this.timeoutMs = timeoutMs;
    this.expired = expired;
  }

  /**
   * Sets the deadline for what is to come.
   *
   * @param waiting whether somebody waits
   * @param progressed whether something has happened since the last call
   */
  void watch(boolean waiting, boolean progressed) {
    if (cancel != null && (!waiting || progressed)) {
      stop();
    }
    if (waiting && cancel == null) {
      cancel = timer.after(timeoutMs, expired);
    }
  }

  void stop() {
    if (cancel != null) {
      cancel.run();
      cancel = null;
    }
  }

  long timeoutMs() {
    return timeoutMs;
  }
}
