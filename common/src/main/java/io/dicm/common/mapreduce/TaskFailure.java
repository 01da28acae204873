package io.dicm.common.mapreduce;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A failed task's diagnostics, which are a stack trace as text, back as the exception that a user
 * can act on.
 */
final class TaskFailure {
  private static final Pattern CODED = Pattern.compile("DicmException: ([A-Z_]+): (.*)");

  private TaskFailure() {}

  /**
   * @param task the task's attempt and job, for the message
   * @param diagnostics the task's words
   * @return the task's own error when it was a {@link DicmException}; otherwise {@link
   *     ErrorCode#STAGE_FAILED} with the first line
   */
  static DicmException of(String task, String diagnostics) {
    Matcher coded = CODED.matcher(diagnostics);
    if (coded.find()) {
      String name = coded.group(1);
      for (ErrorCode code : ErrorCode.values()) {
        if (code.name().equals(name)) {
          return new DicmException(code, coded.group(2) + " (" + task + ")");
        }
      }
    }
    String firstLine =
        Arrays.stream(diagnostics.split("\n", -1)).findFirst().orElse("no diagnostics");
    return new DicmException(ErrorCode.STAGE_FAILED, task + " failed: " + firstLine);
  }
}
