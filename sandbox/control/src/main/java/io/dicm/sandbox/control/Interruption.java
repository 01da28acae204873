package io.dicm.sandbox.control;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What happens when a signal (Ctrl-C, SIGTERM) ends a command: its work is undone, and the process
 * exits with {@link ExitStatus#INTERRUPTED}, where Java's own status would be 130 or 143.
 */
final class Interruption {
  private final PrintStream err;
  private final Deque<Runnable> undo = new ArrayDeque<>();
  private boolean begun;
  private boolean over;

  Interruption(PrintStream err) {
    this.err = err;
  }

  /** From now on signals are answered. */
  void install() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::answer, "sandbox-interruption"));
  }

  /** Adds what has to be undone should a signal come. */
  synchronized void push(Runnable work) {
    if (!begun) {
      undo.push(work);
    }
  }

  /** Takes it back; false when a signal has come, and it is done by the process's end. */
  synchronized boolean remove(Runnable work) {
    return !begun && undo.remove(work);
  }

  /** The command has ended by itself; false when a signal came first, which ends the process. */
  synchronized boolean end() {
    over = !begun;
    return over;
  }

  private void answer() {
    synchronized (this) {
      if (over) {
        return;
      }
      begun = true;
    }
    // No longer changed by anyone. Not under the lock: the command may go on meanwhile.
    undo.forEach(Runnable::run);
    err.println("The sandbox command was interrupted.");
    err.flush();
    Runtime.getRuntime().halt(ExitStatus.INTERRUPTED.code());
  }
}
