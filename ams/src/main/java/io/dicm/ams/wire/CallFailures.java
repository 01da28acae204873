package io.dicm.ams.wire;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Carries a {@link DicmException} over a call: code in a trailer, message as the description. */
public final class CallFailures {
  private static final Metadata.Key<String> ERROR =
      Metadata.Key.of("dicm-error", Metadata.ASCII_STRING_MARSHALLER);

  private CallFailures() {}

  /** What a server ends a call with. */
  public static StatusRuntimeException toStatus(Throwable failure) {
    Throwable cause = unwrap(failure);
    DicmException known =
        cause instanceof DicmException e
            ? e
            : new DicmException(ErrorCode.INTERNAL, "Cannot serve the call: " + cause, cause);
    return statusOf(known.code())
        .withDescription(known.getMessage())
        .withCause(known)
        .asRuntimeException(trailers(known.code()));
  }

  /** The trailers that carry a code. */
  static Metadata trailers(ErrorCode code) {
    Metadata trailers = new Metadata();
    trailers.put(ERROR, code.name());
    return trailers;
  }

  /** The status that comes nearest to a code, for tools that know nothing of ours. */
  static Status statusOf(ErrorCode code) {
    return switch (code) {
      case AUTHENTICATION_FAILED -> Status.UNAUTHENTICATED;
      case STALE_EPOCH -> Status.FAILED_PRECONDITION;
      case WINDOW_TIMED_OUT -> Status.ABORTED;
      case SERVICE_UNAVAILABLE -> Status.UNAVAILABLE;
      default -> Status.INTERNAL;
    };
  }

  /**
   * What a client makes of a failed call.
   *
   * @param what was to be done, after "Cannot"
   */
  public static DicmException toException(Throwable failure, String what) {
    Throwable cause = unwrap(failure);
    if (cause instanceof DicmException known) {
      return known;
    }
    if (!(cause instanceof StatusRuntimeException)) {
      return new DicmException(ErrorCode.INTERNAL, "Cannot " + what + ": " + cause, cause);
    }
    Status status = Status.fromThrowable(cause);
    Metadata trailers = Status.trailersFromThrowable(cause);
    String code = trailers == null ? null : trailers.get(ERROR);
    if (code != null && status.getDescription() != null) {
      return new DicmException(ErrorCode.valueOf(code), status.getDescription(), cause);
    }
    return new DicmException(codeOf(status), "Cannot " + what + ": " + reason(status) + ".", cause);
  }

  private static ErrorCode codeOf(Status status) {
    return switch (status.getCode()) {
      case UNAUTHENTICATED -> ErrorCode.AUTHENTICATION_FAILED;
      case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED -> ErrorCode.SERVICE_UNAVAILABLE;
      default -> ErrorCode.INTERNAL;
    };
  }

  private static String reason(Status status) {
    String cause = status.getCause() == null ? "" : " (" + status.getCause().getMessage() + ")";
    String description = status.getDescription() == null ? "" : ", " + status.getDescription();
    return "the server's answer was " + status.getCode() + description + cause;
  }

  private static Throwable unwrap(Throwable failure) {
    boolean wrapper =
        failure instanceof CompletionException || failure instanceof ExecutionException;
    return wrapper && failure.getCause() != null ? failure.getCause() : failure;
  }
}
