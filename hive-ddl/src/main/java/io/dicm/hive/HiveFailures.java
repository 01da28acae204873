package io.dicm.hive;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.sql.SQLException;
import java.util.regex.Pattern;

/** Puts Hive's errors into one sentence. */
final class HiveFailures {
  private static final int MAX_REASON = 300;

  /** Settings of a URL whose values nobody is to see; the driver's messages have whole URLs. */
  private static final Pattern SECRET =
      Pattern.compile("(?i)([\\w.-]*(?:password|passwd|pwd|secret|token|jwt)[\\w.-]*=)[^;?#&\\s]*");

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
        withoutSecrets(message)
            .lines()
            .findFirst()
            .orElse("")
            .replaceFirst("^Error while (compiling|processing) statement: ", "")
            .replaceFirst("^FAILED: ", "")
            .strip();
    String cut = line.length() > MAX_REASON ? line.substring(0, MAX_REASON) + "..." : line;
    return cut.endsWith(".") ? cut.substring(0, cut.length() - 1) : cut;
  }

  /** The same failure, causes included, without values of secret settings in its messages. */
  static SQLException withoutSecrets(SQLException e) {
    boolean clean = true;
    for (Throwable one = e; one != null; one = one.getCause()) {
      clean &= one.toString().equals(withoutSecrets(one.toString()));
    }
    if (clean) {
      return e;
    }
    SQLException copy =
        new SQLException(
            withoutSecrets(e.toString()), e.getSQLState(), e.getErrorCode(), copy(e.getCause()));
    copy.setStackTrace(e.getStackTrace());
    return copy;
  }

  private static Throwable copy(Throwable cause) {
    if (cause == null) {
      return null;
    }
    Throwable copy = new Exception(withoutSecrets(cause.toString()), copy(cause.getCause()));
    copy.setStackTrace(cause.getStackTrace());
    return copy;
  }

  private static String withoutSecrets(String message) {
    return SECRET.matcher(message).replaceAll("$1<redacted>");
  }
}
