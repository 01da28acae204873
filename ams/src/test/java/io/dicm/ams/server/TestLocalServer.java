package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.client.AmsClient;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.embedding.EmbeddingOptions;
import io.dicm.ams.server.ToyWorker.Example;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.window.Staleness;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TestLocalServer {
  private static final int IMAGES = 30;
  private static final int STEPS = 12;

  private final InMemorySnapshot snapshot = InMemorySnapshot.random(IMAGES, 16, 5);

  /**
   * But for rounding: a client behind a network sorts its keys, so that sums have another order.
   */
  @Test
  void trainsAsAServerBehindANetworkDoes() {
    List<Double> losses;
    float[] dense;
    try (Gang gang = new Gang(snapshot, 1, 1);
        GrpcAmsClient client = gang.client(0)) {
      losses = train(client);
      dense = client.dense();
    }
    try (LocalServer local = new LocalServer(options(1, 1), snapshot, ProgressListener.NONE)) {
      List<Double> found = train(local);
      for (int step = 0; step < STEPS; step++) {
        assertThat(found.get(step)).isCloseTo(losses.get(step), within(1e-5));
      }
      assertThat(local.dense()).containsExactly(dense, within(1e-5f));
    }
  }

  @Test
  void isForOneServerAndOneWorker() {
    assertThatThrownBy(() -> new LocalServer(options(1, 2), snapshot, ProgressListener.NONE))
        .isInstanceOfSatisfying(
            DicmException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID);
              assertThat(e).hasMessageContaining("1 servers, 2 workers");
            });
  }

  private static List<Double> train(AmsClient client) {
    client.join(ToyWorker.initialDense());
    ToyWorker worker = new ToyWorker(client);
    Random random = new Random(7);
    List<Double> losses = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      List<Example> batch = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        // One image more than there are: some are missing.
        batch.add(
            new Example(
                InMemorySnapshot.key(random.nextInt(IMAGES + 1)),
                InMemorySnapshot.key(random.nextInt(IMAGES + 1)),
                1 + random.nextInt(20),
                random.nextFloat()));
      }
      losses.add(worker.step(step, batch));
    }
    return losses;
  }

  private static AmsServerOptions options(int servers, int workers) {
    return Gang.options(
        0,
        servers,
        workers,
        false,
        MissingImages.ZERO,
        Staleness.SYNCHRONOUS,
        Gang.TIMEOUT_MS,
        EmbeddingOptions.everyId(Gang.EMBEDDING_BYTES),
        1);
  }
}
