package io.dicm.sandbox.control;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A moment after which waiting is over. */
final class Deadline {
  private static final long POLL_MS = 50;

  private final long startNanos = System.nanoTime();
  private final Duration limit;

  private Deadline(Duration limit) {
    this.limit = limit;
  }

  static Deadline in(Duration limit) {
    return new Deadline(limit);
  }

  boolean isPast() {
    return System.nanoTime() - startNanos > limit.toNanos();
  }

  double elapsedSeconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  Duration limit() {
    return limit;
  }

  /** Waits until the condition holds or the deadline is past; whether it holds. */
  boolean await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      if (isPast()) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    return true;
  }
}
