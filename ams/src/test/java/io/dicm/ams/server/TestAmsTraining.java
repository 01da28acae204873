package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.server.ToyTraining.Layout;
import io.dicm.ams.server.ToyTraining.Result;
import io.dicm.ams.server.ToyWorker.Example;
import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.ams.window.Staleness;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.common.key.Fingerprints;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole training steps over gRPC on loopback. */
class TestAmsTraining {
  private static final int IMAGES = 60;
  private static final int DIMENSION = 32;
  private static final int BATCH = 64;

  private final InMemorySnapshot snapshot = InMemorySnapshot.random(IMAGES, DIMENSION, 5);

  private final ToyTraining training = new ToyTraining(snapshot, this::batch);

  /** The target depends on the ad image's vector, the behaviour image's and the ID. */
  private List<Example> batch(long step) {
    Random random = new Random(step);
    List<Example> batch = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      int ad = random.nextInt(IMAGES);
      int behavior = random.nextInt(IMAGES);
      int id = random.nextInt(10);
      float target =
          snapshot.vector("img-" + ad)[3]
              - 3
              + 0.5f * (snapshot.vector("img-" + behavior)[7] - 3)
              + 0.2f * (id - 5);
      batch.add(
          new Example(
              InMemorySnapshot.key(ad),
              InMemorySnapshot.key(behavior),
              Fingerprints.idKey("id", "" + id),
              target));
    }
    return batch;
  }

  @Test
  void learnsWhatDependsOnTheImages() throws Exception {
    Result result = training.run(new Layout(1, 1), 300);
    double first = result.losses().subList(0, 10).stream().mapToDouble(l -> l).average().orElse(0);
    double last =
        result.losses().subList(290, 300).stream().mapToDouble(l -> l).average().orElse(9);
    assertThat(first).isGreaterThan(1);
    assertThat(last).isLessThan(0.1 * first);
  }

  /** The servers' sums of a step go the way there and back once, and each range alone. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void replicasAreEqualToTheBitAfterEveryStep(int servers) {
    try (Gang gang = new Gang(snapshot, servers, 1);
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      ToyWorker worker = new ToyWorker(client);
      Set<String> seen = new HashSet<>();
      for (long step = 0; step < 10; step++) {
        worker.step(step, batch(step));
        List<String> digests = gang.servers.stream().map(AmsServer::subModelDigest).toList();
        assertThat(digests).containsOnly(digests.get(0));
        assertThat(seen.add(digests.get(0))).isTrue();
      }
      long subModelBytes = 2L * Float.BYTES * NetworkLayout.of(DIMENSION).length();
      long thereAndBack = 2L * (servers - 1) * subModelBytes;
      assertThat(gang.servers)
          .extracting(server -> server.statistics().bytesByClass().get(TrafficClass.SUB_MODEL))
          .as("sent and received, each message at both ends")
          .satisfies(
              bytes ->
                  assertThat(bytes.stream().mapToLong(Long::longValue).sum())
                      .isEqualTo(10 * 2 * thereAndBack));
    }
  }

  @Test
  void theLayoutDoesNotChangeTheResult() throws Exception {
    for (boolean shared : new boolean[] {false, true}) {
      Result one = training.run(new Layout(1, 1, shared, RowPrecision.FLOAT32), 20);
      for (int[] layout : new int[][] {{1, 2}, {3, 1}, {2, 2}, {4, 4}}) {
        Result other =
            training.run(new Layout(layout[0], layout[1], shared, RowPrecision.FLOAT32), 20);
        for (int s = 0; s < one.losses().size(); s++) {
          double expected = one.losses().get(s);
          assertThat(other.losses().get(s)).isCloseTo(expected, within(1e-5 * expected + 1e-6));
        }
        assertThat(other.dense()).containsExactly(one.dense(), within(1e-5f));
      }
    }
  }

  @Test
  void halfPrecisionOnTheWayStaysClose() throws Exception {
    Result single = training.run(new Layout(2, 2), 60);
    Result half = training.run(new Layout(2, 2, false, RowPrecision.FLOAT16), 60);
    assertThat(half.dense()).isNotEqualTo(single.dense());
    double scale = single.losses().get(0);
    for (int s = 0; s < single.losses().size(); s++) {
      assertThat(half.losses().get(s)).isCloseTo(single.losses().get(s), within(1e-3 * scale));
    }
  }

  /** The delay is exact: neither timing nor the layout changes the result. */
  @Test
  void boundedStalenessIsDeterministic() throws Exception {
    Result one = training.run(new Layout(1, 1, new Staleness(2)), 30);
    assertThat(one.losses()).isNotEqualTo(training.run(new Layout(1, 1), 30).losses());
    for (int[] layout : new int[][] {{1, 2}, {3, 1}, {2, 2}}) {
      Layout other = new Layout(layout[0], layout[1], new Staleness(2));
      Result result = training.run(other, 30);
      Result again = training.run(other, 30);
      assertThat(again.losses()).isEqualTo(result.losses());
      assertThat(again.digests()).isEqualTo(result.digests());
      assertThat(result.dense()).containsExactly(one.dense(), within(1e-5f));
    }
  }

  @Test
  void staleTrainingLearnsToo() throws Exception {
    for (Staleness staleness : List.of(new Staleness(1), Staleness.ASYNCHRONOUS)) {
      Result result = training.run(new Layout(2, 2, staleness), 300);
      // At the end all updates are made everywhere, in whatever order.
      assertThat(result.digests().get(0)).isEqualTo(result.digests().get(1));
      assertThat(mean(result.losses().subList(280, 300)))
          .isLessThan(0.5 * mean(result.losses().subList(0, 20)));
    }
  }

  private static double mean(List<Double> losses) {
    return losses.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  @Test
  void aRunIsRepeatedToTheBit() throws Exception {
    Result one = training.run(new Layout(2, 2), 20);
    Result again = training.run(new Layout(2, 2), 20);
    assertThat(again.losses()).isEqualTo(one.losses());
    assertThat(again.dense()).isEqualTo(one.dense());
    assertThat(again.digests()).isEqualTo(one.digests());
  }
}
