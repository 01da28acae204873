package io.dicm.app.rpc;

import io.dicm.common.security.ApplicationSecret;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Puts the application's secret on every call, and refuses every call that comes without it. */
public final class SecretHeader {
  private static final Metadata.Key<String> KEY =
      Metadata.Key.of("dicm-secret", Metadata.ASCII_STRING_MARSHALLER);

  private SecretHeader() {}

  /** For a client: adds the secret. */
  public static ClientInterceptor sending(ApplicationSecret secret) {
    return new Sender(secret);
  }

  /** For a server: answers {@code UNAUTHENTICATED} to a call without the secret. */
  public static ServerInterceptor demanding(ApplicationSecret secret) {
    return new Guard(secret);
  }

  private record Sender(ApplicationSecret secret) implements ClientInterceptor {
    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(
        MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<R> listener, Metadata headers) {
          headers.put(KEY, secret.headerValue());
          super.start(listener, headers);
        }
      };
    }
  }

  private record Guard(ApplicationSecret secret) implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      if (secret.matches(headers.get(KEY))) {
        return next.startCall(call, headers);
      }
      call.close(
          Status.UNAUTHENTICATED.withDescription("the application's secret is missing or wrong"),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
  }
}
