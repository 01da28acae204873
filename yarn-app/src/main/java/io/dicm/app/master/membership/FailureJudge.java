package io.dicm.app.master.membership;

import io.dicm.app.launch.Member;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * Finds the first cause among a gang's failures. When one process dies the others fail too, and
 * their reports often come sooner than YARN's word on the dead one: so a report that says no more
 * than "another did not answer" waits a while for a better explanation.
 *
 * <p>Not safe for use by many threads.
 */
final class FailureJudge {
  private final long graceMs;
  private DicmException cause;
  private Recovery recovery = Recovery.NONE;
  private boolean symptom;
  private long sinceMs;

  FailureJudge(long graceMs) {
    this.graceMs = graceMs;
  }

  /** A member said that it failed. */
  void reported(Member member, String containerId, String code, String message, long nowMs) {
    ErrorCode errorCode = codeOf(code);
    boolean isSymptom =
        errorCode == ErrorCode.SERVICE_UNAVAILABLE || errorCode == ErrorCode.WINDOW_TIMED_OUT;
    String text = message.isBlank() ? "it gave no reason." : message;
    offer(
        new DicmException(
            errorCode, text + " (" + member + ", " + containerId + ", see its stderr log)"),
        Recovery.of(errorCode),
        isSymptom,
        nowMs);
  }

  /** YARN said that a container ended, when it should not have. */
  void ended(Member member, String containerId, int exitStatus, String diagnostics, long nowMs) {
    if (cause != null && !symptom) {
      return;
    }
    offer(
        new DicmException(
            ErrorCode.CONTAINER_FAILED,
            "The container of %s, %s, ended with exit status %d: %s"
                .formatted(member, containerId, exitStatus, reason(diagnostics))),
        Recovery.ofExit(exitStatus),
        false,
        nowMs);
  }

  /** A member has not been heard of for too long. */
  void silent(Member member, String containerId, long silenceMs, long nowMs) {
    offer(
        new DicmException(
            ErrorCode.CONTAINER_FAILED,
            "The container of %s, %s, has not been heard of for %d s."
                .formatted(member, containerId, silenceMs / 1000)),
        Recovery.RESTART,
        true,
        nowMs);
  }

  boolean any() {
    return cause != null;
  }

  /** Whether a restart may mend a failure that {@link #throwWhenSure} threw. */
  Recovery recoveryFrom(DicmException thrown) {
    return thrown == cause ? recovery : Recovery.of(thrown.code());
  }

  /** Throws the cause once it is one, or once nothing better came in time. */
  void throwWhenSure(long nowMs) {
    if (cause != null && (!symptom || nowMs - sinceMs >= graceMs)) {
      throw cause;
    }
  }

  private void offer(DicmException failure, Recovery itsRecovery, boolean isSymptom, long nowMs) {
    if (cause == null) {
      sinceMs = nowMs;
    }
    if (cause == null || (symptom && !isSymptom)) {
      cause = failure;
      recovery = itsRecovery;
      symptom = isSymptom;
    }
  }

  /** YARN's first line, without the time that stands before it. */
  private static String reason(String diagnostics) {
    String firstLine = diagnostics == null ? "" : diagnostics.lines().findFirst().orElse("");
    String reason = firstLine.replaceFirst("^\\[[0-9:. -]+\\]", "").strip();
    return reason.isEmpty() ? "YARN gave no reason." : reason;
  }

  private static ErrorCode codeOf(String name) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.name().equals(name)) {
        return code;
      }
    }
    return ErrorCode.CONTAINER_FAILED;
  }
}
