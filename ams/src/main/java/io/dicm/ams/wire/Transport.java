package io.dicm.ams.wire;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.security.ApplicationCertificate;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * How the processes of an application are connected: in plain text, or by TLS, where both sides
 * have to show the application's certificate. Immutable.
 */
public final class Transport {
  private final Optional<ApplicationCertificate> certificate;

  private Transport(Optional<ApplicationCertificate> certificate) {
    this.certificate = certificate;
  }

  /** Without encryption: for networks that may read what is trained. */
  public static Transport plain() {
    return new Transport(Optional.empty());
  }

  /** Encrypted; who does not have this certificate's key gets no connection. */
  public static Transport tls(ApplicationCertificate certificate) {
    return new Transport(Optional.of(certificate));
  }

  /** Sets a server up. */
  public NettyServerBuilder listen(NettyServerBuilder server) {
    if (certificate.isEmpty()) {
      return server;
    }
    ApplicationCertificate own = certificate.get();
    try {
      return server.sslContext(
          GrpcSslContexts.configure(SslContextBuilder.forServer(own.key(), own.certificate()))
              .trustManager(own.certificate())
              .clientAuth(ClientAuth.REQUIRE)
              .build());
    } catch (SSLException e) {
      throw unusable(e);
    }
  }

  /** Sets a client up. */
  public NettyChannelBuilder connect(NettyChannelBuilder channel) {
    if (certificate.isEmpty()) {
      return channel.usePlaintext();
    }
    ApplicationCertificate own = certificate.get();
    try {
      return channel
          .overrideAuthority(ApplicationCertificate.NAME)
          .sslContext(
              GrpcSslContexts.forClient()
                  .keyManager(own.key(), own.certificate())
                  .trustManager(own.certificate())
                  .build());
    } catch (SSLException e) {
      throw unusable(e);
    }
  }

  private static DicmException unusable(SSLException cause) {
    return new DicmException(
        ErrorCode.AUTHENTICATION_FAILED,
        "Cannot encrypt connections: " + cause.getMessage() + ".",
        cause);
  }
}
