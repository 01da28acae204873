package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.CheckpointCommitter;
import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.ams.checkpoint.CheckpointPartWriter;
import io.dicm.ams.client.Answer;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.optimizer.LearningRate;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.optimizer.Sgd;
import io.dicm.ams.window.Staleness;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Dense vectors of three statistics of batches and two parameters, on three servers: the second's
 * range is two of the statistics, the third's the parameters.
 */
class TestStatisticsOfBatches {
  private static final int DIMENSION = 8;
  private static final int STATISTICS = 3;
  private static final int WORKERS = 2;
  private static final int[] IMPRESSIONS = {3, 1};
  private static final float RATE = 0.5f;

  private final Configuration conf = new Configuration(false);
  private final InMemorySnapshot snapshot = InMemorySnapshot.random(5, DIMENSION, 5);

  @TempDir private java.nio.file.Path directory;

  private Gang gang(int servers, Staleness staleness, Consumer<AmsServer> beforeStart) {
    return new Gang(
        snapshot,
        servers,
        index ->
            AmsServerOptions.of(index, servers, WORKERS)
                .optimizers(
                    new OptimizerOptions(LearningRate.constant(RATE), new Sgd(), new Sgd(), 1, 0))
                .staleness(staleness)
                .seed(11)
                .epoch(Gang.EPOCH)
                .windowTimeoutMs(Gang.TIMEOUT_MS)
                .memoryLimitBytes(1L << 20)
                .build(),
        beforeStart);
  }

  private static float[] initial() {
    return new float[] {0, 1, 0, 10, 20};
  }

  private static StepRequest request(long step) {
    return new StepRequest(step, new long[0], new long[0], new long[0]);
  }

  /**
   * A worker's batch whose statistics have the means {@code mean}, 10 and 100 times it, and whose
   * loss has the gradients 1 and -1 in each impression.
   */
  private static StepGradients batch(long step, int worker, float mean) {
    int n = IMPRESSIONS[worker];
    return new StepGradients(
        step,
        n,
        new float[0],
        new float[0],
        new float[0],
        new float[] {n * mean, n * 10 * mean, n * 100 * mean, n, -n});
  }

  private static List<GrpcAmsClient> clients(Gang gang) {
    List<GrpcAmsClient> clients = List.of(gang.client(0), gang.client(1));
    clients.forEach(client -> client.join(initial(), STATISTICS));
    return clients;
  }

  private static float[] ask(List<GrpcAmsClient> clients, long step) {
    List<Answer<StepInputs>> asked =
        clients.stream().map(client -> client.ask(request(step))).toList();
    assertThat(asked.get(1).await().dense()).isEqualTo(asked.get(0).await().dense());
    return asked.get(0).await().dense();
  }

  private static void send(List<GrpcAmsClient> clients, long step, float... means) {
    List<Answer<Void>> sent = new ArrayList<>();
    for (int worker = 0; worker < WORKERS; worker++) {
      sent.add(clients.get(worker).send(batch(step, worker, means[worker])));
    }
    sent.forEach(Answer::await);
  }

  private static void assertDense(float[] dense, double running, int steps) {
    assertThat(dense)
        .containsExactly(
            new float[] {
              (float) running,
              (float) (10 * running),
              (float) (100 * running),
              10 - steps * RATE,
              20 + steps * RATE
            },
            within(1e-4f));
  }

  /** The batches are of 3 and 1 impressions: the first step's mean is (3 * 1 + 5) / 4 = 2. */
  @Test
  void theMeanOverAllWorkersMovesThem() {
    try (Gang gang = gang(3, Staleness.SYNCHRONOUS, server -> {})) {
      List<GrpcAmsClient> clients = clients(gang);
      assertThat(ask(clients, 0)).isEqualTo(initial());
      send(clients, 0, 1, 5);
      assertDense(ask(clients, 1), 2, 1);
      send(clients, 1, 4, 0);
      assertDense(ask(clients, 2), 2 + (3 - 2) / 2.0, 2);
      send(clients, 2, 2, 10);
      assertDense(clients.get(0).dense(), 2.5 + (4 - 2.5) / 3, 3);
      clients.forEach(GrpcAmsClient::close);
    }
  }

  @Test
  void staleStepsSeeThoseOfOneStepBefore() {
    try (Gang gang = gang(2, new Staleness(1), server -> {})) {
      List<GrpcAmsClient> clients = clients(gang);
      assertThat(ask(clients, 0)).isEqualTo(initial());
      assertThat(ask(clients, 1)).isEqualTo(initial());
      send(clients, 0, 1, 5);
      assertDense(ask(clients, 2), 2, 1);
      send(clients, 1, 4, 0);
      assertDense(ask(clients, 3), 2.5, 2);
      clients.forEach(GrpcAmsClient::close);
    }
  }

  /** Each worker's step is an update of its own, of its own batch's mean. */
  @Test
  void asynchronousWorkersMoveThemOneByOne() {
    try (Gang gang = gang(2, Staleness.ASYNCHRONOUS, server -> {})) {
      List<GrpcAmsClient> clients = clients(gang);
      assertThat(clients.get(1).forward(request(0)).dense()).isEqualTo(initial());
      clients.get(1).backward(batch(0, 1, 6));
      assertDense(clients.get(0).forward(request(0)).dense(), 6, 1);
      clients.get(0).backward(batch(0, 0, 2));
      assertDense(clients.get(1).forward(request(1)).dense(), 4, 2);
      clients.forEach(GrpcAmsClient::close);
    }
  }

  @Test
  void areInCheckpointsAndFitNoTrainingWithout() throws IOException {
    Path staging = new Path(directory.resolve("_staging").toUri());
    try (Gang gang =
        gang(
            3,
            Staleness.SYNCHRONOUS,
            server ->
                server.checkpointEvery(
                    2, taken -> new CheckpointPartWriter(conf).write(taken, staging)))) {
      List<GrpcAmsClient> clients = clients(gang);
      ask(clients, 0);
      send(clients, 0, 1, 5);
      ask(clients, 1);
      send(clients, 1, 4, 0);
      gang.servers.forEach(AmsServer::awaitCheckpoints);
      clients.forEach(GrpcAmsClient::close);
    }
    Path target = new Path(directory.resolve("checkpoint").toUri());
    new CheckpointCommitter(conf)
        .commit(
            staging,
            target,
            3,
            new CheckpointManifest(
                CheckpointManifest.FORMAT_VERSION, 2, 11, 12, DIMENSION, "sgd", "sgd", List.of()));
    Checkpoint checkpoint = Checkpoint.open(conf, target);
    OptimizerState dense = checkpoint.dense(new Sgd());
    assertThat(checkpoint.denseStatistics()).isEqualTo(STATISTICS);
    assertDense(dense.values(), 2.5, 2);

    try (Gang gang =
        gang(
            2,
            Staleness.SYNCHRONOUS,
            server -> server.restore(checkpoint, ProgressListener.NONE))) {
      try (GrpcAmsClient other = gang.client(1)) {
        assertThatThrownBy(() -> other.join(initial()))
            .hasMessage(
                "Cannot let worker 1 join: 0 of its dense parameters are statistics of batches, of"
                    + " those of the checkpoint 3. All workers need the same network.");
      }
      List<GrpcAmsClient> clients = clients(gang);
      assertThat(ask(clients, 2)).isEqualTo(dense.values());
      send(clients, 2, 2, 10);
      // As without the interruption.
      assertDense(ask(clients, 3), 3, 3);
      clients.forEach(GrpcAmsClient::close);
    }
  }

  @Test
  void workersOfOtherStatisticsAreRefusedAndDisturbNobody() {
    try (Gang gang = gang(2, Staleness.SYNCHRONOUS, server -> {});
        GrpcAmsClient right = gang.client(0);
        GrpcAmsClient other = gang.client(1)) {
      right.join(initial(), STATISTICS);
      assertThatThrownBy(() -> other.join(initial(), 2))
          .hasMessage(
              "Cannot let worker 1 join: 2 of its dense parameters are statistics of batches, of"
                  + " those of the others 3. All workers need the same network.");
      other.join(initial(), STATISTICS);
      assertThat(ask(List.of(right, other), 0)).isEqualTo(initial());
    }
  }
}
