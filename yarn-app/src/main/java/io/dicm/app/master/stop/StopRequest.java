package io.dicm.app.master.stop;

/**
 * Whether the stages are asked to end before they are done. Who does not attend to that is
 * interrupted. Thread-safe.
 */
public final class StopRequest {
  private final Thread runner;
  private boolean asked;
  private boolean attended;
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
      if (!attended) {
        runner.interrupt();
      }
    }
  }

  /** Whether somebody has asked. */
  public synchronized boolean isAsked() {
    return asked;
  }

  /**
   * The runner's thread looks at {@link #isAsked} by itself until the result is closed; if it was
   * asked meanwhile and did not answer, it is interrupted then.
   */
  public synchronized Attendance attend() {
    attended = true;
    if (asked) {
      // The interrupt that was meant for a part before this one.
      boolean unused = Thread.interrupted();
    }
    return this::leave;
  }

  /** The stages end because of it, with these words for who asked. */
  synchronized void answer(String words) {
    answer = words;
  }

  /** What the stages said to it; empty: they were interrupted. */
  public synchronized String answer() {
    return answer;
  }

  private synchronized void leave() {
    attended = false;
    if (asked && answer.isEmpty()) {
      runner.interrupt();
    }
  }

  /** The time in which a part of a stage attends to requests. */
  public interface Attendance extends AutoCloseable {
    @Override
    void close();
  }
}
