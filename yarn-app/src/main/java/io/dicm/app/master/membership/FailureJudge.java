package io.dicm.app.master.membership;

import io.dicm.app.launch.Member;
import io.dicm.app.launch.Role;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Optional;
import org.apache.hadoop.yarn.api.records.ContainerExitStatus;

/**
 * Finds the first cause among a gang's failures. When one process dies the others fail too, and
 * their reports often come sooner than YARN's word on the dead one: so a report that says no more
 * than "another did not answer" waits a while for a better explanation.
 *
 * <p>Not safe for use by many threads.
 */
final class FailureJudge {
  /** What {@code -XX:+ExitOnOutOfMemoryError} ends a process with. */
  private static final int HEAP_EXHAUSTED = 3;

  private final long graceMs;
  private DicmException cause;
  private Recovery recovery = Recovery.NONE;
  private Role shortOfMemory;
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
        new DicmException(errorCode, text + " (" + member + ", " + containerId + ", see its log)"),
        Recovery.of(errorCode),
        null,
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
        isShortOfMemory(exitStatus) ? member.role() : null,
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
        null,
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

  /** The role of which a container ended for lack of memory, when that is the failure thrown. */
  Optional<Role> shortOfMemory(DicmException thrown) {
    return thrown == cause ? Optional.ofNullable(shortOfMemory) : Optional.empty();
  }

  /** Throws the cause once it is one, or once nothing better came in time. */
  void throwWhenSure(long nowMs) {
    if (cause != null && (!symptom || nowMs - sinceMs >= graceMs)) {
      throw cause;
    }
  }

  private void offer(
      DicmException failure,
      Recovery itsRecovery,
      Role itsShortage,
      boolean isSymptom,
      long nowMs) {
    if (cause == null) {
      sinceMs = nowMs;
    }
    if (cause == null || (symptom && !isSymptom)) {
      cause = failure;
      recovery = itsRecovery;
      shortOfMemory = itsShortage;
      symptom = isSymptom;
    }
  }

  /** The node ended a process of too much memory, or Java one of too small a heap. */
  private static boolean isShortOfMemory(int exitStatus) {
    return exitStatus == ContainerExitStatus.KILLED_EXCEEDED_PMEM
        || exitStatus == ContainerExitStatus.KILLED_EXCEEDED_VMEM
        || exitStatus == HEAP_EXHAUSTED;
  }

  /** YARN's first line, without the time that stands before it. */
  private static String reason(String diagnostics) {
    String firstLine = diagnostics == null ? "" : diagnostics.lines().findFirst().orElse("");
    String reason = firstLine.replaceFirst("^\\[[0-9:. -]+\\]", "").strip();
    return reason.isEmpty() ? "YARN gave no reason." : reason;
  }

  static ErrorCode codeOf(String name) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.name().equals(name)) {
        return code;
      }
    }
    return ErrorCode.CONTAINER_FAILED;
  }
}
