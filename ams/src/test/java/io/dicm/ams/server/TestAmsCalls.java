package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.client.Answer;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.embedding.EmbeddingOptions;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.security.ApplicationSecret;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What servers do with calls that are not as they should be. */
class TestAmsCalls {
  private static final StepRequest NO_KEYS =
      new StepRequest(0, new long[0], new long[0], new long[0]);

  private final InMemorySnapshot snapshot = InMemorySnapshot.random(20, 8, 5);

  private static void assertRefused(ThrowingCallable call, ErrorCode code, String message) {
    assertThatThrownBy(call)
        .hasMessage(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(code);
  }

  @Test
  void callersOfAnotherApplicationOrEpochAreRefused() {
    try (Gang gang = new Gang(snapshot, 1, 1);
        GrpcAmsClient stranger = gang.client(0, ApplicationSecret.generate(), Gang.EPOCH);
        GrpcAmsClient earlier = gang.client(0, gang.secret, Gang.EPOCH - 1);
        GrpcAmsClient own = gang.client(0)) {
      assertRefused(
          () -> stranger.join(ToyWorker.initialDense()),
          ErrorCode.AUTHENTICATION_FAILED,
          "Cannot serve the call: it does not carry the application's secret.");
      assertRefused(
          () -> earlier.join(ToyWorker.initialDense()),
          ErrorCode.STALE_EPOCH,
          "Cannot serve the call: its epoch was 6, this server's is 7. The caller belongs to another"
              + " start of the training.");
      own.join(ToyWorker.initialDense());
      assertThat(own.forward(NO_KEYS).dense()).isEqualTo(ToyWorker.initialDense());
    }
  }

  @Test
  void aWorkerThatStaysAwayFailsTheStepInTime() {
    try (Gang gang = new Gang(snapshot, 2, 2, false, 300);
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      assertRefused(
          () -> client.forward(NO_KEYS),
          ErrorCode.WINDOW_TIMED_OUT,
          "Cannot run step 0: workers [1] did not ask for it within 300 ms. See their logs.");
    }
  }

  @Test
  void aWorkerThatLeftIsNotWaitedFor() {
    try (Gang gang = new Gang(snapshot, 2, 2);
        GrpcAmsClient staying = gang.client(1);
        GrpcAmsClient leaving = gang.client(0)) {
      staying.join(ToyWorker.initialDense());
      leaving.join(ToyWorker.initialDense());
      List<Long> before = gang.bytesIn();
      CompletableFuture<StepInputs> answer =
          CompletableFuture.supplyAsync(() -> staying.forward(NO_KEYS));
      await()
          .atMost(20, TimeUnit.SECONDS)
          .until(gang::bytesIn, now -> now.get(0) > before.get(0) && now.get(1) > before.get(1));
      assertThat(answer).isNotDone();
      leaving.leave(0);
      assertThat(answer).succeedsWithin(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void aServerThatIsGoneIsReported() {
    try (Gang gang = new Gang(snapshot, 2, 1);
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      gang.servers.get(1).close();
      assertThatThrownBy(() -> client.forward(NO_KEYS))
          .hasMessageStartingWith(
              "Cannot run step 0 forward: the server's answer was UNAVAILABLE, io exception")
          .extracting(e -> ((DicmException) e).code())
          .isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
    }
  }

  @Test
  void aServerWithoutImagesOfAStepTakesPartInItsUpdate() {
    try (Gang gang = new Gang(snapshot, 2, 1);
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      String before = gang.servers.get(0).subModelDigest();
      long oneImage = InMemorySnapshot.key(0);
      StepInputs inputs =
          client.forward(new StepRequest(0, new long[] {oneImage}, new long[0], new long[0]));
      assertThat(inputs.adCodes()).hasSize(12);
      client.backward(
          new StepGradients(
              0, 1, inputs.adCodes(), new float[0], new float[0], new float[ToyWorker.DENSE]));
      String after = gang.servers.get(0).subModelDigest();
      assertThat(after).isNotEqualTo(before);
      assertThat(gang.servers.get(1).subModelDigest()).isEqualTo(after);
    }
  }

  @Test
  void aStepWithoutImpressionsChangesNothing() {
    try (Gang gang = new Gang(snapshot, 2, 1);
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      String before = gang.servers.get(0).subModelDigest();
      for (int step = 0; step < 3; step++) {
        client.forward(new StepRequest(step, new long[0], new long[0], new long[0]));
        client.backward(
            new StepGradients(
                step, 0, new float[0], new float[0], new float[0], new float[ToyWorker.DENSE]));
      }
      assertThat(gang.servers.get(0).subModelDigest()).isEqualTo(before);
      assertThat(client.dense()).isEqualTo(ToyWorker.initialDense());
    }
  }

  @Test
  void missingImagesAreCountedAndNoneIsNotAskedFor() {
    try (Gang gang = new Gang(snapshot, 1, 1);
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      StepInputs inputs =
          client.forward(
              new StepRequest(
                  0,
                  new long[] {InMemorySnapshot.key(1), 123, 0},
                  new long[] {InMemorySnapshot.key(1), InMemorySnapshot.key(2)},
                  new long[] {5, 6, 7, 0}));
      assertThat(inputs.adCodes()).hasSize(36);
      assertThat(Arrays.copyOfRange(inputs.adCodes(), 24, 36)).containsOnly(0f);
      assertThat(inputs.idEmbeddings()).hasSize(4 * Gang.EMBEDDING_DIMENSION);
      ServerStatistics statistics = gang.servers.get(0).statistics();
      assertThat(statistics.images()).isEqualTo(20);
      assertThat(statistics.missingReferences()).isEqualTo(1);
      assertThat(statistics.totalImageReferences()).isEqualTo(4);
      assertThat(statistics.uniqueImageReferences()).isEqualTo(4);
      assertThat(statistics.embeddings().rows()).isEqualTo(3);
      assertThat(statistics.windows()).isZero();
    }
  }

  @Test
  void aServerWaitsForItsPeersBeforeItRunsSteps() {
    ApplicationSecret secret = ApplicationSecret.generate();
    AmsServerOptions options =
        AmsServerOptions.of(0, 2, 1)
            .embeddingDimension(4)
            .optimizers(OptimizerOptions.adam(0.1f))
            .seed(1)
            .windowTimeoutMs(1000)
            .epoch(1)
            .memoryLimitBytes(1 << 20)
            .embeddings(EmbeddingOptions.everyId(1 << 20))
            .build();
    try (AmsServer server = new AmsServer(options, secret)) {
      server.load(snapshot, ProgressListener.NONE);
      String hostPort = "localhost:" + server.start();
      try (GrpcAmsClient client =
          new GrpcAmsClient(0, List.of(hostPort), secret, 1, 1_500, RowPrecision.FLOAT32)) {
        client.join(new float[0]);
        assertThatThrownBy(() -> client.forward(NO_KEYS))
            .extracting(e -> ((DicmException) e).code())
            .isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
      }
    }
  }

  @Test
  void threadsEndWithTheServer() {
    new Gang(snapshot, 2, 1).close();
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("ams-")));
  }

  /** A worker that takes the servers for each other's asks each for what is not its own. */
  @Test
  void keysOfAnotherServerAreRefusedAndDisturbNobody() {
    try (Gang gang = new Gang(snapshot, 2, 2);
        GrpcAmsClient right = gang.client(0);
        GrpcAmsClient other = gang.client(1);
        GrpcAmsClient confused =
            new GrpcAmsClient(
                1,
                List.of(gang.hostPorts.get(1), gang.hostPorts.get(0)),
                gang.secret,
                Gang.EPOCH,
                Gang.TIMEOUT_MS,
                RowPrecision.FLOAT32)) {
      right.join(ToyWorker.initialDense());
      other.join(ToyWorker.initialDense());
      StepRequest request =
          new StepRequest(0, new long[0], new long[0], new long[] {1L, 2L, 1L << 60, 2L << 60});
      assertThatThrownBy(() -> confused.forward(request))
          .hasMessageMatching(
              "Cannot run step 0 for worker 1: key -?\\d+ is not one of server [01]\\.");
      Answer<StepInputs> waiting = right.ask(NO_KEYS);
      other.forward(NO_KEYS);
      assertThat(waiting.await().dense()).hasSize(ToyWorker.DENSE);
    }
  }

  /** A few bits may stand for a key: the list is small, what would be made of it is not. */
  @Test
  void aRequestOfAbsurdSizeIsRefusedAndDisturbsNobody() {
    try (Gang gang = new Gang(snapshot, 1, 2);
        GrpcAmsClient right = gang.client(0);
        GrpcAmsClient greedy = gang.client(1)) {
      right.join(ToyWorker.initialDense());
      greedy.join(ToyWorker.initialDense());
      StepRequest request =
          new StepRequest(0, new long[0], new long[0], LongStream.range(1, 1_000_001).toArray());
      assertRefused(
          () -> greedy.forward(request),
          ErrorCode.INTERNAL,
          "Cannot run step 0 for worker 1: 1000000 keys and their answer would have 24000000 bytes,"
              + " allowed 1048576, which follows the server's heap. Use smaller batches or larger"
              + " servers.");
      Answer<StepInputs> waiting = right.ask(NO_KEYS);
      greedy.forward(NO_KEYS);
      assertThat(waiting.await().dense()).hasSize(ToyWorker.DENSE);
    }
  }
}
