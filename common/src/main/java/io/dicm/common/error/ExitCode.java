package io.dicm.common.error;

/**
 * The process exit codes of every {@code dicm} command, documented in {@code docs/operations.md}.
 *
 * <p>All lie in 0..125, so that shells and Oozie's shell action pass them on unchanged.
 */
public enum ExitCode {
  OK(0),
  INTERNAL_ERROR(1),
  USAGE(2),
  CONFIGURATION(3),
  SECURITY(4),
  NO_RESOURCES(5),
  APPLICATION_FAILED(6),
  KILLED(7),
  BAD_DATA(8),
  ENVIRONMENT(9),
  CLIENT_GAVE_UP(10),
  INTERRUPTED(11);

  private final int status;

  ExitCode(int status) {
    this.status = status;
  }

  /** The process exit status, 0..125. */
  public int status() {
    return status;
  }

  /** The exit code with this status; {@link #INTERNAL_ERROR} for a status that none has. */
  public static ExitCode ofStatus(int status) {
    for (ExitCode code : values()) {
      if (code.status == status) {
        return code;
      }
    }
    return INTERNAL_ERROR;
  }
}
