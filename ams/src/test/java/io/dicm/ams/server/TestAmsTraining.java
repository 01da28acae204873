package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.server.ToyWorker.Example;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.common.key.Fingerprints;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whole training steps over gRPC on loopback. */
class TestAmsTraining {
  private static final int IMAGES = 60;
  private static final int DIMENSION = 32;

  private final InMemorySnapshot snapshot = InMemorySnapshot.random(IMAGES, DIMENSION, 5);

  private record Result(List<Double> losses, float[] dense, List<String> digests) {}

  /** Trains with each step's batch spread over the workers in whole parts. */
  private Result train(int servers, int workers, boolean shared, int steps, int batchSize)
      throws Exception {
    return train(servers, workers, shared, steps, batchSize, RowPrecision.FLOAT32);
  }

  private Result train(
      int servers, int workers, boolean shared, int steps, int batchSize, RowPrecision precision)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(workers);
    try (Gang gang = new Gang(snapshot, servers, workers, shared, Gang.TIMEOUT_MS)) {
      List<Future<List<Double>>> futures = new ArrayList<>();
      List<GrpcAmsClient> clients = new ArrayList<>();
      for (int w = 0; w < workers; w++) {
        int worker = w;
        GrpcAmsClient client = gang.client(w, precision);
        clients.add(client);
        futures.add(threads.submit(() -> work(client, worker, workers, steps, batchSize)));
      }
      List<Double> losses = new ArrayList<>();
      for (int s = 0; s < steps; s++) {
        double loss = 0;
        for (Future<List<Double>> future : futures) {
          loss += future.get(60, TimeUnit.SECONDS).get(s);
        }
        losses.add(loss / batchSize);
      }
      float[] dense = clients.get(0).dense();
      clients.forEach(GrpcAmsClient::close);
      return new Result(
          losses, dense, gang.servers.stream().map(AmsServer::subModelDigest).toList());
    } finally {
      threads.shutdownNow();
    }
  }

  private List<Double> work(
      GrpcAmsClient client, int worker, int workers, int steps, int batchSize) {
    client.join(ToyWorker.initialDense());
    ToyWorker toy = new ToyWorker(client);
    List<Double> losses = new ArrayList<>();
    for (int s = 0; s < steps; s++) {
      List<Example> batch = batch(s, batchSize);
      int from = batchSize * worker / workers;
      losses.add(toy.step(s, batch.subList(from, batchSize * (worker + 1) / workers)));
    }
    client.leave(steps);
    return losses;
  }

  /** The target depends on the ad image's vector, the behaviour image's and the ID. */
  private List<Example> batch(int step, int size) {
    Random random = new Random(step);
    List<Example> batch = new ArrayList<>();
    for (int i = 0; i < size; i++) {
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
    Result result = train(1, 1, false, 300, 64);
    double first = result.losses().subList(0, 10).stream().mapToDouble(l -> l).average().orElse(0);
    double last =
        result.losses().subList(290, 300).stream().mapToDouble(l -> l).average().orElse(9);
    assertThat(first).isGreaterThan(1);
    assertThat(last).isLessThan(0.1 * first);
  }

  @Test
  void replicasStayEqualToTheBit() throws Exception {
    Result result = train(2, 1, false, 20, 64);
    assertThat(result.digests()).hasSize(2);
    assertThat(result.digests().get(0)).isEqualTo(result.digests().get(1));
    assertThat(train(2, 1, false, 1, 64).digests().get(0)).isNotEqualTo(result.digests().get(0));
  }

  @Test
  void theLayoutDoesNotChangeTheResult() throws Exception {
    for (boolean shared : new boolean[] {false, true}) {
      Result one = train(1, 1, shared, 20, 64);
      for (int[] layout : new int[][] {{1, 2}, {3, 1}, {2, 2}, {4, 4}}) {
        Result other = train(layout[0], layout[1], shared, 20, 64);
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
    Result single = train(2, 2, false, 60, 64);
    Result half = train(2, 2, false, 60, 64, RowPrecision.FLOAT16);
    assertThat(half.dense()).isNotEqualTo(single.dense());
    double scale = single.losses().get(0);
    for (int s = 0; s < single.losses().size(); s++) {
      assertThat(half.losses().get(s)).isCloseTo(single.losses().get(s), within(1e-3 * scale));
    }
  }

  @Test
  void aRunIsRepeatedToTheBit() throws Exception {
    Result one = train(2, 2, false, 20, 64);
    Result again = train(2, 2, false, 20, 64);
    assertThat(again.losses()).isEqualTo(one.losses());
    assertThat(again.dense()).isEqualTo(one.dense());
    assertThat(again.digests()).isEqualTo(one.digests());
  }
}
