package io.dicm.app.client;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns what YARN says on a failed application back into the error that the master met. */
final class Diagnostics {
  private static final Pattern ERROR = Pattern.compile("([A-Z][A-Z_]+): (.*)");

  private Diagnostics() {}

  static DicmException toException(String applicationId, String diagnostics) {
    String hint = " Logs: dicm logs " + applicationId;
    String text = diagnostics == null ? "" : diagnostics.strip();
    for (String line : text.lines().toList()) {
      Matcher error = ERROR.matcher(line);
      if (error.lookingAt() && isCode(error.group(1))) {
        return new DicmException(ErrorCode.valueOf(error.group(1)), error.group(2) + hint);
      }
    }
    String first = text.lines().findFirst().orElse("YARN gave no reason");
    return new DicmException(
        ErrorCode.CONTAINER_FAILED, "The application master failed: " + first + hint);
  }

  private static boolean isCode(String name) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.name().equals(name)) {
        return true;
      }
    }
    return false;
  }
}
