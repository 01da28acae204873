package io.dicm.feature.decode;

import java.io.IOException;
import java.time.Duration;

/** The moment at which decoding one file has to have ended. Immutable. */
final class Deadline {
  private final Duration allowed;
  private final long endNanos;

  /** Tells that it has come; a kind of its own, so that it is found below a reader's own error. */
  static final class PassedException extends IOException {
    private static final long serialVersionUID = 1L;

    private PassedException(String message) {
      super(message);
    }
  }

  /** So long from now. */
  Deadline(Duration allowed) {
    this.allowed = allowed;
    this.endNanos = System.nanoTime() + allowed.toNanos();
  }

  boolean hasPassed() {
    return System.nanoTime() - endNanos > 0;
  }

  /**
   * @throws PassedException when it has passed
   */
  void check() throws PassedException {
    if (hasPassed()) {
      throw new PassedException(
          "decoding took longer than " + allowed.toMillis() + " ms, the longest allowed");
    }
  }
}
