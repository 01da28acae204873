package io.dicm.ams.window;

import java.util.ArrayList;
import java.util.List;

/** A timer whose time passes when the test says so. */
final class ManualTimer implements WindowTimer {
  private final List<Runnable> pending = new ArrayList<>();
  private int started;

  @Override
  public Runnable after(long delayMs, Runnable action) {
    pending.add(action);
    started++;
    return () -> pending.remove(action);
  }

  /** Runs all that is pending. */
  void expire() {
    List<Runnable> due = List.copyOf(pending);
    pending.clear();
    due.forEach(Runnable::run);
  }

  /** How often time has been started so far. */
  int started() {
    return started;
  }

  int pendingCount() {
    return pending.size();
  }
}
