package io.dicm.app.master.stop;

/**
 * Whether the stages are asked to end before they are done.
 *
 * <p>Only while they are {@link #open open} to it does a request interrupt the thread they run on;
 * what the master does before and after them, such as its last word to YARN, is never cut. Since
 * libraries swallow interrupts, stages are asked between them too ({@link #endIfAsked}).
 * Thread-safe.
 */
public final class StopRequest {
  private final Thread runner;
  private boolean asked;
  private boolean lost;
  private boolean interruptible;
  private String answer = "";

  /**
   * @param runner the thread on which stages run
   */
  public StopRequest(Thread runner) {
    this.runner = runner;
  }

  /** Asks; only the first time counts. */
  public synchronized void ask() {
    if (!asked) {
      asked = true;
      if (interruptible) {
        runner.interrupt();
      }
    }
  }

  /**
   * YARN wants this attempt of the application to end at once, whatever it does: it has another.
   */
  public synchronized void lose() {
    lost = true;
    runner.interrupt();
  }

  /** Whether somebody has asked. */
  public synchronized boolean isAsked() {
    return asked;
  }

  /** Whether this attempt counts no more. */
  public synchronized boolean isLost() {
    return lost;
  }

  /**
   * From now on, until the result is closed, a request interrupts the runner. Afterwards no
   * interrupt of a request is left.
   *
   * @throws InterruptedException when somebody has asked already
   */
  public synchronized Scope open() throws InterruptedException {
    endIfAsked("before its stages");
    interruptible = true;
    return this::close;
  }

  /**
   * From now on, until the result is closed, the runner looks at {@link #isAsked} by itself.
   * Afterwards requests interrupt as before.
   */
  synchronized Scope attend() {
    boolean before = interruptible;
    interruptible = false;
    clear();
    return () -> restore(before);
  }

  /**
   * Ends what runs when somebody has asked.
   *
   * @param when such as {@code before stage train}, for who asked
   * @throws InterruptedException when somebody has
   */
  public synchronized void endIfAsked(String when) throws InterruptedException {
    if (asked) {
      if (answer.isEmpty()) {
        answer = "It was stopped on request " + when + ".";
      }
      clear();
      throw new InterruptedException(answer);
    }
  }

  /** The stages end, or have ended, because of it, with these words for who asked. */
  synchronized void answer(String words) {
    answer = words;
  }

  /** What the stages said to it; empty as long as they have not. */
  public synchronized String answer() {
    return answer;
  }

  private synchronized void close() {
    interruptible = false;
    if (asked) {
      clear();
    }
  }

  private synchronized void restore(boolean before) {
    interruptible = before;
  }

  /** Takes back the interrupt of a request, if it has not come through yet. */
  private void clear() {
    if (asked && !lost && Thread.currentThread() == runner) {
      boolean unused = Thread.interrupted();
    }
  }

  /** A time in which requests are treated in one way. */
  public interface Scope extends AutoCloseable {
    @Override
    void close();
  }
}
