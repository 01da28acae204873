package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.CheckpointCommitter;
import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.ams.checkpoint.CheckpointPartWriter;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.optimizer.Adam;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training whose first phase moves the first dense parameter alone and no image, on two servers
 * with a dense parameter each.
 */
class TestTrainingPhases {
  private static final int STEPS = 20;
  private static final float RATE = 0.003f;
  private static final int IMAGES = 4;

  private final Configuration conf = new Configuration(false);
  private final InMemorySnapshot snapshot = InMemorySnapshot.random(IMAGES, 8, 5);

  @TempDir private java.nio.file.Path directory;

  private Gang gang(Consumer<AmsServer> beforeStart) {
    return new Gang(snapshot, 2, 1, false, Gang.TIMEOUT_MS, beforeStart);
  }

  private static StepInputs ask(GrpcAmsClient client, long step) {
    long[] keys = new long[IMAGES];
    Arrays.setAll(keys, InMemorySnapshot::key);
    return client.forward(new StepRequest(step, keys, keys, new long[0]));
  }

  private static StepGradients first(long step) {
    return gradients(step, 0, 0, new float[] {1, 0}, 0);
  }

  private static StepGradients second(long step) {
    return gradients(step, 1, -1, new float[] {0, 1}, 1);
  }

  private static StepGradients gradients(
      long step, float ofAds, float ofBehaviors, float[] dense, int phase) {
    float[] ads = new float[IMAGES * 12];
    Arrays.fill(ads, ofAds);
    float[] behaviors = new float[IMAGES * 12];
    Arrays.fill(behaviors, ofBehaviors);
    return new StepGradients(step, 1, ads, behaviors, new float[0], dense, phase);
  }

  @Test
  void whatANewPhaseTrainsBeginsWithAUsualStep() {
    try (Gang gang = gang(server -> {});
        GrpcAmsClient client = gang.client(0)) {
      client.join(new float[] {0, 0});
      float[] codes = ask(client, 0).adCodes();
      for (int step = 0; step < STEPS; step++) {
        client.backward(first(step));
        StepInputs inputs = ask(client, step + 1);
        assertThat(inputs.dense())
            .containsExactly(new float[] {-RATE * (step + 1), 0}, within(1e-5f));
        assertThat(inputs.adCodes()).isEqualTo(codes);
      }
      client.backward(second(STEPS));
      StepInputs inputs = ask(client, STEPS + 1);
      // Adam's first step is as long as the rate, and its moments of the phase before are gone.
      assertThat(inputs.dense()).containsExactly(new float[] {-RATE * STEPS, -RATE}, within(1e-5f));
      assertThat(inputs.adCodes()).isNotEqualTo(codes);
    }
  }

  @Test
  void checkpointsKnowTheirPhase() throws Exception {
    Checkpoint checkpoint = checkpointOfTheSecondPhase();
    assertThat(checkpoint.densePhase()).isEqualTo(1);
    assertThat(checkpoint.denseUpdates()).isEqualTo(2);
    assertThat(checkpoint.networkUpdates("ad")).isEqualTo(2);

    float before = checkpoint.dense(new Adam()).values()[1];
    try (Gang gang = gang(server -> server.restore(checkpoint, ProgressListener.NONE));
        GrpcAmsClient client = gang.client(0)) {
      long step = client.join(new float[2]).firstStep();
      ask(client, step);
      // Against the way that the moments know; a phase that began now would go it at once.
      client.backward(gradients(step, 0, 0, new float[] {0, -1}, 1));
      float moved = ask(client, step + 1).dense()[1] - before;
      assertThat(moved).isNegative();
    }
  }

  /** What goes on from another training's end has its phases again. */
  @Test
  void aWarmStartHasThePhasesAgain() throws Exception {
    Checkpoint checkpoint = checkpointOfTheSecondPhase();
    float before = checkpoint.dense(new Adam()).values()[1];
    try (Gang gang =
            gang(
                server -> server.warmStart(checkpoint, WarmStartMode.FULL, ProgressListener.NONE));
        GrpcAmsClient client = gang.client(0)) {
      assertThat(client.join(new float[2]).firstStep()).isZero();
      ask(client, 0);
      client.backward(gradients(0, 0, 0, new float[] {0, -1}, 1));
      assertThat(ask(client, 1).dense()[1] - before).isCloseTo(RATE, within(1e-5f));
    }
  }

  private Checkpoint checkpointOfTheSecondPhase() throws IOException {
    Path staging = new Path(directory.resolve("staging").toUri());
    long steps = STEPS + 2;
    try (Gang gang =
            gang(
                server ->
                    server.checkpointEvery(
                        steps, taken -> new CheckpointPartWriter(conf).write(taken, staging)));
        GrpcAmsClient client = gang.client(0)) {
      client.join(new float[2]);
      for (int step = 0; step < steps; step++) {
        ask(client, step);
        client.backward(step < STEPS ? first(step) : second(step));
      }
      gang.servers.forEach(AmsServer::awaitCheckpoints);
    }
    Path target = new Path(directory.resolve("checkpoint").toUri());
    new CheckpointCommitter(conf)
        .commit(
            staging,
            target,
            2,
            new CheckpointManifest(
                CheckpointManifest.FORMAT_VERSION,
                steps,
                11,
                Gang.EMBEDDING_DIMENSION,
                8,
                "adam",
                "adam",
                List.of()));
    return Checkpoint.open(conf, target);
  }
}
