package io.dicm.common.error;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A failure that a user can act on. The message is one sentence that names the thing and the value
 * and, where it helps, what to do next; the command line prints it without a stack trace.
 */
public final class DicmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What Hadoop's servers add to the messages of their exceptions. */
  private static final Pattern TRACE = Pattern.compile("\\n\\s*(at \\S+\\(.*|\\.\\.\\. \\d+ more)");

  private final ErrorCode code;

  public DicmException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /**
   * @param message may have the message of another failure in it; a server's stack trace in that is
   *     left out
   */
  public DicmException(ErrorCode code, String message, Throwable cause) {
    super(TRACE.matcher(Objects.requireNonNull(message)).replaceAll(""), cause);
    this.code = Objects.requireNonNull(code);
  }

  public ErrorCode code() {
    return code;
  }

  /** Code and message on one line: {@code INPUT_MISSING: Cannot ...}. */
  public String oneLine() {
    return code + ": " + getMessage().replace('\n', ' ');
  }

  /** Class and {@link #oneLine()}: the code survives in stack traces that come back as text. */
  @Override
  @SuppressWarnings("OverrideThrowableToString") // the message is for users, who read no code in it
  public String toString() {
    return getClass().getName() + ": " + oneLine();
  }
}
