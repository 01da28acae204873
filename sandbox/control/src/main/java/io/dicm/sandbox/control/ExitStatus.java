package io.dicm.sandbox.control;

/**
 * Exit statuses of the sandbox's commands: the numbers of {@code io.dicm.common.error.ExitCode},
 * repeated here because this module depends on nothing.
 */
public enum ExitStatus {
  OK(0),
  /** {@code status} only: at least one process of the sandbox does not run. */
  NOT_RUNNING(1),
  INTERNAL_ERROR(1),
  USAGE(2),
  ENVIRONMENT(9),
  INTERRUPTED(11);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  /** The process exit status. */
  public int code() {
    return code;
  }
}
