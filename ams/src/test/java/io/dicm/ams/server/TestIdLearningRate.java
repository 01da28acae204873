package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.optimizer.LearningRate;
import io.dicm.ams.optimizer.Sgd;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.security.ApplicationSecret;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A step of plain descent, whose length is its learning rate's times the gradient's. */
class TestIdLearningRate {
  private static final float RATE = 0.25f;
  private static final float RATIO = 4;
  private static final long[] IMAGE = {InMemorySnapshot.key(3)};
  private static final long[] ID = {Fingerprints.idKey("id", "one")};

  private final ApplicationSecret secret = ApplicationSecret.generate();
  private final InMemorySnapshot snapshot = InMemorySnapshot.random(10, 16, 5);

  /**
   * What a step changed.
   *
   * @param digest of the sub-model after it
   */
  private record Moved(StepInputs before, StepInputs after, String digest) {
    float ofId(int i) {
      return after.idEmbeddings()[i] - before.idEmbeddings()[i];
    }
  }

  @Test
  void onlyIdsMoveByTheirOwnRate() {
    Moved ordinary = step(1);
    Moved faster = step(RATIO);

    assertThat(faster.before().idEmbeddings()).isEqualTo(ordinary.before().idEmbeddings());
    for (int i = 0; i < Gang.EMBEDDING_DIMENSION; i++) {
      assertThat(ordinary.ofId(i)).isCloseTo(-RATE, within(1e-6f));
      assertThat(faster.ofId(i)).isCloseTo(-RATIO * RATE, within(1e-6f));
    }
    assertThat(faster.after().dense())
        .isEqualTo(ordinary.after().dense())
        .isNotEqualTo(ordinary.before().dense());
    assertThat(faster.after().adCodes())
        .isEqualTo(ordinary.after().adCodes())
        .isNotEqualTo(ordinary.before().adCodes());
    assertThat(faster.digest()).isEqualTo(ordinary.digest());
  }

  private Moved step(float idRateRatio) {
    AmsServerOptions options =
        AmsServerOptions.of(0, 1, 1)
            .embeddingDimension(Gang.EMBEDDING_DIMENSION)
            .optimizers(
                new OptimizerOptions(
                    LearningRate.constant(RATE), new Sgd(), new Sgd(), idRateRatio, 0))
            .seed(11)
            .epoch(Gang.EPOCH)
            .memoryLimitBytes(1L << 20)
            .build();
    try (AmsServer server = new AmsServer(options, secret)) {
      server.load(snapshot, ProgressListener.NONE);
      List<String> hostPorts = List.of("localhost:" + server.start());
      server.connectPeers(hostPorts);
      try (GrpcAmsClient client =
          new GrpcAmsClient(
              0, hostPorts, secret, Gang.EPOCH, Gang.TIMEOUT_MS, RowPrecision.FLOAT32)) {
        client.join(ToyWorker.initialDense());
        StepInputs before = client.forward(new StepRequest(0, IMAGE, IMAGE, ID));
        client.backward(
            new StepGradients(
                0,
                1,
                ones(before.adCodes().length),
                ones(before.behaviorCodes().length),
                ones(before.idEmbeddings().length),
                ones(before.dense().length)));
        StepInputs after = client.forward(new StepRequest(1, IMAGE, IMAGE, ID));
        return new Moved(before, after, server.subModelDigest());
      }
    }
  }

  private static float[] ones(int length) {
    float[] ones = new float[length];
    Arrays.fill(ones, 1);
    return ones;
  }
}
