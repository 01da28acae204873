package io.dicm.app.cli;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Explains exceptions that no part of ours has turned into a sentence. */
final class UnexpectedFailures {
  private UnexpectedFailures() {}

  static DicmException explain(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          || cause instanceof UnknownHostException
          || cause instanceof SocketTimeoutException) {
        return known(ErrorCode.SERVICE_UNAVAILABLE, "Cannot reach the cluster: ", failure);
      } else if (cause instanceof AccessControlException) {
        return known(ErrorCode.STORAGE_FAILED, "Cannot go on: ", failure);
      }
    }
    if (failure instanceof IOException) {
      return known(ErrorCode.STORAGE_FAILED, "Cannot go on: ", failure);
    } else if (failure instanceof YarnException) {
      return known(ErrorCode.SERVICE_UNAVAILABLE, "YARN refused: ", failure);
    }
    return new DicmException(
        ErrorCode.INTERNAL,
        "Unexpected: "
            + failure
            + ". Run again with -Dlog4j.rootLogger=DEBUG,stderr in the Java options for the trace, and report it.",
        failure);
  }

  private static DicmException known(ErrorCode code, String what, Exception failure) {
    String message = String.valueOf(failure.getMessage());
    return new DicmException(code, what + message.lines().findFirst().orElse(""), failure);
  }
}
