package io.dicm.hive;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.sql.SQLException;

/** Puts Hive's errors into one sentence. */
final class HiveFailures {
  private static final int MAX_REASON = 300;

  private HiveFailures() {}

  static DicmException failed(String what, String address, SQLException e) {
    return new DicmException(
        ErrorCode.HIVE_FAILED,
        "Cannot " + what + " in Hive at " + address + ": " + reason(e) + ".",
        e);
  }

  /** The first line of the message that says most, without Hive's wrappings. */
  static String reason(Throwable e) {
    Throwable deepest = e;
    while (deepest.getCause() != null && deepest.getCause().getMessage() != null) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage() == null ? deepest.toString() : deepest.getMessage();
    String line =
        message
            .lines()
            .findFirst()
            .orElse("")
            .replaceFirst("^Error while (compiling|processing) statement: ", "")
            .replaceFirst("^FAILED: ", "")
            .strip();
    String cut = line.length() > MAX_REASON ? line.substring(0, MAX_REASON) + "..." : line;
    return cut.endsWith(".") ? cut.substring(0, cut.length() - 1) : cut;
  }
}
