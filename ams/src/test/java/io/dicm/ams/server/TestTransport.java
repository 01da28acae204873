package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.embedding.EmbeddingOptions;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.window.Staleness;
import io.dicm.ams.wire.CallHeaders;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.ams.wire.Transport;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.security.ApplicationCertificate;
import io.dicm.common.security.ApplicationSecret;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestTransport {
  private static final long CALL_TIMEOUT_MS = 5_000;

  private final ApplicationSecret secret = ApplicationSecret.generate();
  private final List<AmsServer> servers = new ArrayList<>();
  private final List<String> hostPorts = new ArrayList<>();

  // Each is made by a JVM of its own.
  private static ApplicationCertificate certificate;

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = ApplicationCertificate.generate();
  }

  @BeforeEach
  void startEncrypted() {
    for (int i = 0; i < 2; i++) {
      AmsServerOptions options =
          Gang.options(
              i,
              2,
              1,
              false,
              MissingImages.ZERO,
              Staleness.SYNCHRONOUS,
              Gang.TIMEOUT_MS,
              EmbeddingOptions.everyId(Gang.EMBEDDING_BYTES),
              1);
      AmsServer server = new AmsServer(options, secret, Transport.tls(certificate));
      servers.add(server);
      server.load(InMemorySnapshot.random(20, 8, 5), ProgressListener.NONE);
      hostPorts.add("localhost:" + server.start());
    }
    servers.forEach(server -> server.connectPeers(hostPorts));
  }

  @AfterEach
  void stop() {
    servers.forEach(AmsServer::close);
  }

  private GrpcAmsClient client(Transport transport) {
    return new GrpcAmsClient(
        0,
        hostPorts,
        new CallHeaders(secret, Gang.EPOCH),
        transport,
        CALL_TIMEOUT_MS,
        RowPrecision.FLOAT32);
  }

  @Test
  void trainsOverEncryptedConnections() {
    try (GrpcAmsClient client = client(Transport.tls(certificate))) {
      client.join(ToyWorker.initialDense());
      double loss =
          new ToyWorker(client)
              .step(
                  0,
                  List.of(
                      new ToyWorker.Example(
                          InMemorySnapshot.key(1), InMemorySnapshot.key(2), 3, 1f)));
      assertThat(loss).isPositive();
      assertThat(servers.get(0).subModelDigest()).isEqualTo(servers.get(1).subModelDigest());
    }
  }

  @Test
  void whoDoesNotHaveTheCertificateGetsNoConnection() throws Exception {
    List<Transport> strangers =
        List.of(Transport.plain(), Transport.tls(ApplicationCertificate.generate()));
    for (Transport stranger : strangers) {
      try (GrpcAmsClient client = client(stranger)) {
        assertThatThrownBy(() -> client.join(ToyWorker.initialDense()))
            .extracting(e -> ((DicmException) e).code())
            .isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
      }
    }
  }
}
