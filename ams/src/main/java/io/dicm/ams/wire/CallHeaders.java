package io.dicm.ams.wire;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.security.ApplicationSecret;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.MetadataUtils;
import java.util.Optional;

/**
 * The headers of every call: the application's secret and the epoch of the training gang. The same
 * object sends them on one side and asks for them on the other. Immutable.
 */
public final class CallHeaders {
  private static final Metadata.Key<String> SECRET =
      Metadata.Key.of("dicm-secret", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> EPOCH =
      Metadata.Key.of("dicm-epoch", Metadata.ASCII_STRING_MARSHALLER);

  private final ApplicationSecret secret;
  private final String epoch;

  /**
   * @param epoch number of the gang's incarnation: calls of an earlier or later one are refused
   */
  public CallHeaders(ApplicationSecret secret, long epoch) {
    this.secret = secret;
    this.epoch = Long.toString(epoch);
  }

  /** Adds the headers to every call. */
  public ClientInterceptor sender() {
    Metadata headers = new Metadata();
    headers.put(SECRET, secret.headerValue());
    headers.put(EPOCH, epoch);
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  /** Refuses calls without the right headers before their message is read. */
  public ServerInterceptor guard() {
    return new Guard();
  }

  private Optional<DicmException> objection(Metadata headers) {
    if (!secret.matches(headers.get(SECRET))) {
      return Optional.of(
          new DicmException(
              ErrorCode.AUTHENTICATION_FAILED,
              "Cannot serve the call: it does not carry the application's secret."));
    }
    String sent = headers.get(EPOCH);
    if (!epoch.equals(sent)) {
      return Optional.of(
          new DicmException(
              ErrorCode.STALE_EPOCH,
              "Cannot serve the call: its epoch was "
                  + sent
                  + ", this server's is "
                  + epoch
                  + ". The caller belongs to another start of the training."));
    }
    return Optional.empty();
  }

  private final class Guard implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      Optional<DicmException> objection = objection(headers);
      if (objection.isEmpty()) {
        return next.startCall(call, headers);
      }
      ErrorCode code = objection.get().code();
      call.close(
          CallFailures.statusOf(code).withDescription(objection.get().getMessage()),
          CallFailures.trailers(code));
      return new ServerCall.Listener<>() {};
    }
  }
}
