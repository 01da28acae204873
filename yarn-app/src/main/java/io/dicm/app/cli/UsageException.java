package io.dicm.app.cli;

/** A command line that is not understood; its message says why. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
