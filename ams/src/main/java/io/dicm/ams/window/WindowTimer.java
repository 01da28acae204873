package io.dicm.ams.window;

/** Runs something later, on the thread that runs the window. */
@FunctionalInterface
public interface WindowTimer {
  /** Runs {@code action} after {@code delayMs}, unless the result is run before. */
  Runnable after(long delayMs, Runnable action);
}
