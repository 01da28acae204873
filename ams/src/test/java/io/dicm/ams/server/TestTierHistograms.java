package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.client.Answer;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.shard.VectorScaling;
import io.dicm.ams.strategy.StorageStrategy;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.tier.RandomTiers;
import io.dicm.ams.tier.TierRequest;
import io.dicm.ams.tier.TierRequestBuilder;
import io.dicm.ams.window.Staleness;
import io.dicm.ams.wire.KeyLists;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.security.ApplicationSecret;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SimTier's histograms from real servers over gRPC on loopback. */
class TestTierHistograms {
  private static final int IMAGES = 60;

  /** The last ones are not in the store. */
  private static final int ASKED_FOR = 70;

  private static final int DIMENSION = 24;
  private static final int TIERS = 8;
  private static final long[] NO_KEYS = {};

  private final InMemorySnapshot snapshot = InMemorySnapshot.random(IMAGES, DIMENSION, 5);
  private final RandomTiers samples =
      RandomTiers.of(90, ASKED_FOR, image -> InMemorySnapshot.key((int) image), 7);

  /** Connected servers with options of a test's own. */
  private static final class Servers implements AutoCloseable {
    final ApplicationSecret secret = ApplicationSecret.generate();
    final List<AmsServer> servers = new ArrayList<>();
    final List<String> hostPorts = new ArrayList<>();

    Servers(
        InMemorySnapshot snapshot,
        int count,
        int workers,
        UnaryOperator<AmsServerOptions.Builder> change) {
      for (int i = 0; i < count; i++) {
        AmsServerOptions options =
            change
                .apply(
                    AmsServerOptions.of(i, count, workers)
                        .embeddingDimension(4)
                        .epoch(1)
                        .memoryLimitBytes(1 << 26)
                        .windowTimeoutMs(20_000))
                .build();
        AmsServer server = new AmsServer(options, secret);
        servers.add(server);
        server.load(snapshot, ProgressListener.NONE);
        hostPorts.add("localhost:" + server.start());
      }
      servers.forEach(server -> server.connectPeers(hostPorts));
    }

    GrpcAmsClient client(int worker) {
      return new GrpcAmsClient(worker, hostPorts, secret, 1, 25_000, RowPrecision.FLOAT32);
    }

    long bytes(TrafficClass traffic) {
      return servers.stream().mapToLong(s -> s.statistics().bytesByClass().get(traffic)).sum();
    }

    @Override
    public void close() {
      servers.forEach(AmsServer::close);
    }
  }

  private static StepRequest asking(long step, TierRequest tiers) {
    return new StepRequest(step, NO_KEYS, NO_KEYS, NO_KEYS, tiers);
  }

  private static StepGradients nothing(long step) {
    return new StepGradients(
        step, 1, new float[0], new float[0], new float[0], new float[ToyWorker.DENSE]);
  }

  /** The definition over the vectors as the servers scale and round them. */
  private int[] expected(RandomTiers of, VectorPrecision precision) {
    Map<Long, String> names = new HashMap<>();
    for (int i = 0; i < IMAGES; i++) {
      names.put(InMemorySnapshot.key(i), "img-" + i);
    }
    VectorScaling scaling = VectorScaling.of(snapshot);
    return of.histograms(
        TIERS,
        key -> {
          if (!names.containsKey(key)) {
            return null;
          }
          float[] vector = snapshot.vector(names.get(key));
          scaling.apply(vector);
          ByteBuffer held = ByteBuffer.allocate(4 * DIMENSION);
          precision.encode(vector, held);
          precision.decode(held, vector);
          return vector;
        });
  }

  @ParameterizedTest
  @CsvSource({
    "1, FLOAT32, 1",
    "2, FLOAT32, 1",
    "3, FLOAT32, 2",
    "1, FLOAT16, 2",
    "2, FLOAT16, 1",
    "3, FLOAT16, 1"
  })
  void countsAreTheDefinitionsOnAnyNumberOfServers(
      int servers, VectorPrecision precision, int threads) {
    try (Servers gang =
            new Servers(snapshot, servers, 1, o -> o.vectorPrecision(precision).threads(threads));
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      StepRequest request = asking(0, samples.request(TIERS));
      StepInputs inputs = client.forward(request);
      assertThat(inputs.tierCounts()).isEqualTo(expected(samples, precision));
      assertThat(inputs.behaviorCodes()).isEmpty();
      // The same again has the same answer.
      assertThat(client.forward(request).tierCounts()).isEqualTo(inputs.tierCounts());
      assertThat(gang.bytes(TrafficClass.IMAGE_CODES)).isZero();
    }
  }

  /** Room for one vector: every impression's item is fetched anew, and the counts are the same. */
  @ParameterizedTest
  @CsvSource({"0", "100", "1000000"})
  void anyRoomForOthersVectorsGivesTheSameCounts(long bytes) {
    try (Servers gang = new Servers(snapshot, 3, 1, o -> o.peerVectorBytes(bytes));
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      client.forward(asking(0, samples.request(TIERS)));
      long first = gang.bytes(TrafficClass.IMAGE_VECTORS);
      client.backward(nothing(0));
      assertThat(client.forward(asking(1, samples.request(TIERS))).tierCounts())
          .isEqualTo(expected(samples, VectorPrecision.FLOAT32));
      long second = gang.bytes(TrafficClass.IMAGE_VECTORS) - first;
      if (bytes == 1_000_000) {
        assertThat(second).as("all are kept").isZero();
      } else {
        assertThat(second).isGreaterThan(first / 2);
      }
    }
  }

  /** What servers send each other counts at both ends of the way. */
  @Test
  void bytesAreCountedByWhatTheyAreFor() {
    long behavior = InMemorySnapshot.key(0);
    int owner = Buckets.serverOf(behavior, 2);
    long[] shown =
        IntStream.range(0, IMAGES)
            .mapToLong(InMemorySnapshot::key)
            .filter(key -> Buckets.serverOf(key, 2) != owner)
            .limit(2)
            .toArray();
    TierRequestBuilder builder = new TierRequestBuilder(TIERS);
    builder.beginSample(new long[] {behavior});
    builder.addImpression(shown[0]);
    builder.addImpression(shown[1]);
    TierRequest request = builder.build();
    long[] shownInOrder = request.adImageKeys();
    try (Servers gang = new Servers(snapshot, 2, 1, o -> o);
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      client.forward(asking(0, request));
      Map<TrafficClass, Long> asked = gang.servers.get(owner).statistics().bytesByClass();
      Map<TrafficClass, Long> other = gang.servers.get(1 - owner).statistics().bytesByClass();
      long shownKeys = KeyLists.of(shownInOrder).size();
      assertThat(asked.get(TrafficClass.IMAGE_VECTORS))
          .isEqualTo(shownKeys + 2 * DIMENSION * Float.BYTES);
      assertThat(other.get(TrafficClass.IMAGE_VECTORS))
          .isEqualTo(asked.get(TrafficClass.IMAGE_VECTORS));
      long behaviorKeys = KeyLists.of(new long[] {behavior}).size();
      // Two lists of keys, five small numbers to say what is whose, and two histograms.
      assertThat(asked.get(TrafficClass.IMAGE_TIERS))
          .isEqualTo(shownKeys + behaviorKeys + 5 + 2 * TIERS);
      assertThat(other.get(TrafficClass.IMAGE_TIERS)).isZero();
      assertThat(gang.bytes(TrafficClass.IMAGE_KEYS)).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"2", "-1"})
  void stalenessChangesNothing(int staleness) {
    try (Servers gang = new Servers(snapshot, 2, 1, o -> o.staleness(new Staleness(staleness)));
        GrpcAmsClient client = gang.client(0)) {
      int ahead = client.join(ToyWorker.initialDense()).stepsAhead();
      List<Answer<StepInputs>> answers = new ArrayList<>();
      for (int step = 0; step <= ahead; step++) {
        answers.add(client.ask(asking(step, samplesOf(step).request(TIERS))));
      }
      for (int step = 0; step <= ahead; step++) {
        assertThat(answers.get(step).await().tierCounts())
            .isEqualTo(expected(samplesOf(step), VectorPrecision.FLOAT32));
        if (step == 0) {
          client.leave(ahead + 1);
        }
        client.backward(nothing(step));
      }
    }
  }

  private static RandomTiers samplesOf(int step) {
    return RandomTiers.of(20 + step, ASKED_FOR, image -> InMemorySnapshot.key((int) image), step);
  }

  /** The peer takes connections and says nothing. */
  @Test
  void aDeadPeerFailsTheAnswerInTime() throws Exception {
    long behavior = firstOf(0);
    long shown = firstOf(1);
    TierRequestBuilder builder = new TierRequestBuilder(TIERS);
    builder.beginSample(new long[] {behavior});
    builder.addImpression(shown);
    ApplicationSecret secret = ApplicationSecret.generate();
    AmsServerOptions options =
        AmsServerOptions.of(0, 2, 1)
            .embeddingDimension(4)
            .epoch(1)
            .memoryLimitBytes(1 << 26)
            .windowTimeoutMs(400)
            .build();
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        AmsServer server = new AmsServer(options, secret)) {
      server.load(snapshot, ProgressListener.NONE);
      String own = "localhost:" + server.start();
      server.connectPeers(List.of(own, "localhost:" + silent.getLocalPort()));
      try (GrpcAmsClient client =
          new GrpcAmsClient(0, List.of(own), secret, 1, 20_000, RowPrecision.FLOAT32)) {
        client.join(new float[0]);
        assertThatThrownBy(() -> client.forward(asking(0, builder.build())))
            .hasMessage(
                "Cannot fetch image vectors from server 1: it did not answer within 400 ms."
                    + " See its log.")
            .extracting(e -> ((DicmException) e).code())
            .isEqualTo(ErrorCode.WINDOW_TIMED_OUT);
      }
    }
  }

  private static long firstOf(int server) {
    return LongStream.range(0, IMAGES)
        .map(image -> InMemorySnapshot.key((int) image))
        .filter(key -> Buckets.serverOf(key, 2) == server)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void behaviorsOfAnotherServerAreRefused() {
    try (Servers gang = new Servers(snapshot, 2, 1, o -> o);
        GrpcAmsClient confused =
            new GrpcAmsClient(
                0,
                List.of(gang.hostPorts.get(1), gang.hostPorts.get(0)),
                gang.secret,
                1,
                20_000,
                RowPrecision.FLOAT32)) {
      confused.join(new float[2]);
      assertThatThrownBy(() -> confused.forward(asking(0, samples.request(TIERS))))
          .hasMessageMatching(
              "Cannot run step 0 for worker 0: key -?\\d+ is not one of server [01]\\.");
    }
  }

  @Test
  void aQuestionOfAbsurdSizeIsRefused() {
    TierRequestBuilder builder = new TierRequestBuilder(64);
    builder.beginSample(new long[] {InMemorySnapshot.key(0)});
    for (int i = 0; i < 5000; i++) {
      builder.addImpression(InMemorySnapshot.key(1));
    }
    try (Servers gang = new Servers(snapshot, 1, 1, o -> o.messageLimitBytes(1 << 20));
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      assertThatThrownBy(() -> client.forward(asking(0, builder.build())))
          .hasMessageContaining("its tier histograms would have 1300")
          .hasMessageContaining("allowed 1048576, which follows the server's heap");
    }
  }

  @Test
  void missingImagesAreErrorsWhereTheyAreToBe() {
    try (Servers gang = new Servers(snapshot, 2, 1, o -> o.missingImages(MissingImages.FAIL));
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      TierRequestBuilder builder = new TierRequestBuilder(TIERS);
      builder.beginSample(new long[] {InMemorySnapshot.key(3), Fingerprints.NONE});
      builder.addImpression(InMemorySnapshot.key(IMAGES + 1));
      assertThatThrownBy(() -> client.forward(asking(0, builder.build())))
          .hasMessageStartingWith(
              "Cannot run step 0: the feature store lacks 1 of the 2 images asked for")
          .extracting(e -> ((DicmException) e).code())
          .isEqualTo(ErrorCode.INPUT_MISSING);
    }
  }

  @ParameterizedTest
  @CsvSource({"STORE_IN_SERVER", "STORE_IN_WORKER"})
  void serversWithoutTheSubModelRefuse(StorageStrategy strategy) {
    try (Servers gang = new Servers(snapshot, 1, 1, o -> o.strategy(strategy));
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      assertThatThrownBy(() -> client.forward(asking(0, samples.request(TIERS))))
          .hasMessage(
              "Cannot count tier histograms: only servers that run the sub-model do. Choose"
                  + " another aggregator (dicm.model.aggregator) or the storage strategy ams.")
          .extracting(e -> ((DicmException) e).code())
          .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
    }
  }
}
