package io.dicm.app.cli;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.error.StreamFailures;
import io.dicm.feature.device.GpuFailures;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Explains exceptions that no part of ours has turned into a sentence. */
final class UnexpectedFailures {
  private UnexpectedFailures() {}

  static DicmException explain(Exception thrown) {
    Exception failure = StreamFailures.reason(thrown);
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          || cause instanceof UnknownHostException
          || cause instanceof SocketTimeoutException) {
        return known(ErrorCode.SERVICE_UNAVAILABLE, "Cannot reach the cluster: ", failure);
      } else if (cause instanceof AccessControlException) {
        return known(ErrorCode.STORAGE_FAILED, "Cannot go on: ", failure);
      }
    }
    if (String.valueOf(failure.getMessage()).contains("cannot perform operation")) {
      // Of an application's access control lists.
      return known(ErrorCode.AUTHENTICATION_FAILED, "YARN refused: ", failure);
    }
    if (failure instanceof IOException) {
      return known(ErrorCode.STORAGE_FAILED, "Cannot go on: ", failure);
    } else if (failure instanceof YarnException) {
      return known(ErrorCode.SERVICE_UNAVAILABLE, "YARN refused: ", failure);
    }
    return GpuFailures.named("go on", failure)
        .orElseGet(
            () ->
                new DicmException(
                    ErrorCode.INTERNAL,
                    "Unexpected: "
                        + failure
                        + ". Run again with HADOOP_ROOT_LOGGER=DEBUG,console in the environment for the trace, and report it.",
                    failure));
  }

  /**
   * Explains why Hadoop could not take the generic options, such as {@code -conf} and {@code
   * -files}.
   */
  static DicmException explainGenericOptions(Exception failure) {
    return new DicmException(
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use the generic options (-conf, -D, -files, -libjars, ...): "
            + firstLine(failure)
            + ".",
        failure);
  }

  private static DicmException known(ErrorCode code, String what, Exception failure) {
    return new DicmException(code, what + firstLine(failure), failure);
  }

  private static String firstLine(Throwable failure) {
    String line = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
