package io.dicm.ams.server;

import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.embedding.EmbeddingOptions;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.window.Staleness;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.security.ApplicationSecret;
import io.dicm.feature.store.FeatureSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Some servers on loopback, connected, and clients to them; for tests. */
final class Gang implements AutoCloseable {
  static final long EPOCH = 7;
  static final int EMBEDDING_DIMENSION = 4;
  static final long TIMEOUT_MS = 20_000;
  static final int MESSAGE_BYTES = 1 << 20;
  static final long EMBEDDING_BYTES = 1L << 28;

  final ApplicationSecret secret = ApplicationSecret.generate();
  final List<AmsServer> servers = new ArrayList<>();
  final List<String> hostPorts = new ArrayList<>();

  Gang(FeatureSnapshot snapshot, int serverCount, int workers) {
    this(snapshot, serverCount, workers, false, TIMEOUT_MS);
  }

  Gang(FeatureSnapshot snapshot, int serverCount, int workers, boolean shared, long timeoutMs) {
    this(snapshot, serverCount, workers, shared, timeoutMs, server -> {});
  }

  Gang(
      FeatureSnapshot snapshot,
      int serverCount,
      int workers,
      boolean shared,
      long timeoutMs,
      Consumer<AmsServer> beforeStart) {
    this(snapshot, serverCount, workers, shared, MissingImages.ZERO, timeoutMs, beforeStart);
  }

  Gang(
      FeatureSnapshot snapshot,
      int serverCount,
      int workers,
      boolean shared,
      MissingImages missingImages,
      long timeoutMs,
      Consumer<AmsServer> beforeStart) {
    this(
        snapshot,
        serverCount,
        workers,
        shared,
        missingImages,
        Staleness.SYNCHRONOUS,
        timeoutMs,
        EmbeddingOptions.everyId(EMBEDDING_BYTES),
        1,
        beforeStart);
  }

  /** With so many compute threads a server, and something done to each before it starts. */
  Gang(
      FeatureSnapshot snapshot,
      int serverCount,
      int workers,
      boolean shared,
      MissingImages missingImages,
      Staleness staleness,
      long timeoutMs,
      EmbeddingOptions embeddings,
      int threads,
      Consumer<AmsServer> beforeStart) {
    this(
        snapshot,
        serverCount,
        index ->
            options(
                index,
                serverCount,
                workers,
                shared,
                missingImages,
                staleness,
                timeoutMs,
                embeddings,
                threads),
        beforeStart);
  }

  /** With options by server, and something done to each before it starts. */
  Gang(
      FeatureSnapshot snapshot,
      int serverCount,
      IntFunction<AmsServerOptions> options,
      Consumer<AmsServer> beforeStart) {
    try {
      for (int i = 0; i < serverCount; i++) {
        AmsServer server = new AmsServer(options.apply(i), secret);
        servers.add(server);
        server.load(snapshot, ProgressListener.NONE);
        beforeStart.accept(server);
        hostPorts.add("localhost:" + server.start());
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    servers.forEach(server -> server.connectPeers(hostPorts));
  }

  static AmsServerOptions options(
      int index,
      int servers,
      int workers,
      boolean shared,
      MissingImages missingImages,
      Staleness staleness,
      long timeoutMs,
      EmbeddingOptions embeddings,
      int threads) {
    return AmsServerOptions.of(index, servers, workers)
        .embeddingDimension(EMBEDDING_DIMENSION)
        .optimizers(OptimizerOptions.adam(0.003f))
        .seed(11)
        .shareSubModel(shared)
        .missingImages(missingImages)
        .staleness(staleness)
        .windowTimeoutMs(timeoutMs)
        .epoch(EPOCH)
        .memoryLimitBytes(1L << 30)
        .messageLimitBytes(MESSAGE_BYTES)
        .embeddings(embeddings)
        .threads(threads)
        .build();
  }

  GrpcAmsClient client(int worker) {
    return client(worker, secret, EPOCH);
  }

  GrpcAmsClient client(int worker, RowPrecision precision) {
    return new GrpcAmsClient(worker, hostPorts, secret, EPOCH, TIMEOUT_MS + 5_000, precision);
  }

  GrpcAmsClient client(int worker, ApplicationSecret with, long epoch) {
    return new GrpcAmsClient(
        worker, hostPorts, with, epoch, TIMEOUT_MS + 5_000, RowPrecision.FLOAT32);
  }

  /** Bytes of the messages that each server has received so far. */
  List<Long> bytesIn() {
    return servers.stream().map(server -> server.statistics().bytesIn()).toList();
  }

  @Override
  public void close() {
    servers.forEach(AmsServer::close);
  }
}
