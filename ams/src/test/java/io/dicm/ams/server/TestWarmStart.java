package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.CheckpointCommitter;
import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.ams.checkpoint.CheckpointPartWriter;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.server.ToyTraining.Layout;
import io.dicm.ams.server.ToyTraining.Result;
import io.dicm.ams.server.ToyWorker.Example;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.progress.ProgressListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training that begins with what another one has learned. */
class TestWarmStart {
  private static final int IMAGES = 20;
  private static final int DIMENSION = 16;
  private static final int BATCH = 12;
  private static final int STEPS = 4;
  private static final int MORE_STEPS = 3;
  private static final long SEED = 11;
  private static final Layout LAYOUT = new Layout(2, 1);

  private final Configuration conf = new Configuration(false);
  private final InMemorySnapshot snapshot = InMemorySnapshot.random(IMAGES, DIMENSION, 5);

  @TempDir private java.nio.file.Path directory;

  private Path staging;
  private Result earlier;

  @BeforeEach
  void trainTheOther() throws Exception {
    staging = new Path(directory.resolve("_staging").toUri());
    earlier =
        new ToyTraining(snapshot, TestWarmStart::batch)
            .run(
                LAYOUT,
                STEPS,
                server ->
                    server.checkpointEvery(
                        STEPS, taken -> new CheckpointPartWriter(conf).write(taken, staging)));
  }

  private static List<Example> batch(long step) {
    Random random = new Random(step);
    List<Example> batch = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      batch.add(
          new Example(
              InMemorySnapshot.key(random.nextInt(IMAGES)),
              InMemorySnapshot.key(random.nextInt(IMAGES)),
              Fingerprints.idKey("id", "" + random.nextInt(9)),
              (float) random.nextGaussian()));
    }
    return batch;
  }

  private Checkpoint commit(long seed, String idOptimizer) throws Exception {
    Path target = new Path(directory.resolve("checkpoint").toUri());
    new CheckpointCommitter(conf)
        .commit(
            staging,
            target,
            LAYOUT.servers(),
            new CheckpointManifest(
                CheckpointManifest.FORMAT_VERSION,
                STEPS,
                seed,
                Gang.EMBEDDING_DIMENSION,
                DIMENSION,
                "adam",
                idOptimizer,
                List.of()));
    return Checkpoint.open(conf, target);
  }

  /** With a constant learning rate the step's number is all that differs from going on. */
  @Test
  void fullTakesEverythingButTheStep() throws Exception {
    Checkpoint checkpoint = commit(SEED, "adam");
    Result goneOn =
        new ToyTraining(snapshot, TestWarmStart::batch)
            .run(
                LAYOUT,
                STEPS + MORE_STEPS,
                server -> server.restore(checkpoint, ProgressListener.NONE));

    Result warm =
        new ToyTraining(snapshot, step -> batch(STEPS + step))
            .run(
                LAYOUT,
                MORE_STEPS,
                server -> server.warmStart(checkpoint, WarmStartMode.FULL, ProgressListener.NONE));

    assertThat(warm.losses()).hasSize(MORE_STEPS).isEqualTo(goneOn.losses());
    assertThat(warm.dense()).isEqualTo(goneOn.dense());
    assertThat(warm.digests()).isEqualTo(goneOn.digests());
  }

  @ParameterizedTest
  @CsvSource({"FULL, true", "PARTIAL, false"})
  void onlyFullTakesTheEmbeddings(WarmStartMode mode, boolean embeddings) throws Exception {
    Checkpoint checkpoint = commit(SEED, "adam");
    try (Gang gang =
            new Gang(
                snapshot,
                LAYOUT.servers(),
                1,
                false,
                Gang.TIMEOUT_MS,
                server -> server.warmStart(checkpoint, mode, ProgressListener.NONE));
        GrpcAmsClient client = gang.client(0)) {
      assertThat(client.join(ToyWorker.initialDense()).firstStep()).as("first step").isZero();
      assertThat(client.dense()).isEqualTo(earlier.dense());
      for (int i = 0; i < LAYOUT.servers(); i++) {
        AmsServer server = gang.servers.get(i);
        assertThat(server.subModelDigest()).isEqualTo(earlier.digests().get(i));
        assertThat(server.statistics().embeddings().rows() > 0).isEqualTo(embeddings);
      }
    }
  }

  @Test
  void anotherSeedMattersOnlyToGoingOn() throws Exception {
    Checkpoint checkpoint = commit(SEED + 1, "adam");
    start(server -> server.warmStart(checkpoint, WarmStartMode.FULL, ProgressListener.NONE));

    assertMismatch(
        server -> server.restore(checkpoint, ProgressListener.NONE),
        "Cannot restore the checkpoint: its seed is 12, needed 11.");
  }

  @Test
  void anotherOptimiserOfEmbeddingsMattersOnlyWhereTheyAreTaken() throws Exception {
    Checkpoint checkpoint = commit(SEED, "ftrl");
    start(server -> server.warmStart(checkpoint, WarmStartMode.PARTIAL, ProgressListener.NONE));

    assertMismatch(
        server -> server.warmStart(checkpoint, WarmStartMode.FULL, ProgressListener.NONE),
        "Cannot restore the checkpoint: its ID embeddings' optimiser is ftrl, needed adam.");
  }

  private void start(Consumer<AmsServer> beforeStart) {
    new Gang(snapshot, 1, 1, false, Gang.TIMEOUT_MS, beforeStart).close();
  }

  private void assertMismatch(Consumer<AmsServer> beforeStart, String message) {
    assertThatThrownBy(() -> start(beforeStart))
        .hasMessage(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.SCHEMA_MISMATCH);
  }

  @ParameterizedTest
  @CsvSource({"2, 2 4 5", "5, 5", "9, 5"})
  void theStateAtTheEndIsTakenOnce(int stepsBetween, String taken) {
    List<String> steps = new ArrayList<>();
    try (Gang gang =
            new Gang(
                snapshot,
                1,
                1,
                false,
                Gang.TIMEOUT_MS,
                server ->
                    server.checkpointEvery(stepsBetween, state -> steps.add("" + state.steps())));
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      ToyWorker worker = new ToyWorker(client);
      for (int step = 0; step < 5; step++) {
        worker.step(step, batch(step));
      }
      client.leave(5);
      gang.servers.get(0).checkpointLast();
      gang.servers.get(0).checkpointLast();
    }
    assertThat(steps).containsExactly(taken.split(" "));
  }
}
