package io.dicm.sandbox.control;

/** A sandbox command that could not be carried out, as one sentence for the user. */
public final class SandboxException extends Exception {
  private final ExitStatus status;

  public SandboxException(ExitStatus status, String message) {
    super(message);
    this.status = status;
  }

  /** A command line that cannot be understood. */
  static SandboxException usage(String message) {
    return new SandboxException(ExitStatus.USAGE, message);
  }

  /** Something on this machine that stands in the way. */
  static SandboxException environment(String message) {
    return new SandboxException(ExitStatus.ENVIRONMENT, message);
  }

  /** What the process exits with. */
  public ExitStatus status() {
    return status;
  }
}
