package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.CheckpointCommitter;
import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.ams.checkpoint.CheckpointPartWriter;
import io.dicm.ams.server.ToyTraining.Layout;
import io.dicm.ams.server.ToyTraining.Result;
import io.dicm.ams.server.ToyWorker.Example;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.window.Staleness;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.progress.ProgressListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Servers that compute with several threads each: steps have more different images, vectors more
 * values and networks more parameters than one piece of a crew's work takes.
 */
class TestServerThreads {
  private static final int IMAGES = 900;
  private static final int DIMENSION = 1_040;
  private static final int BATCH = 1_200;
  private static final int STEPS = 4;
  private static final int CHECKPOINT_AT = 2;
  private static final long SEED = 11;

  private final Configuration conf = new Configuration(false);
  private final InMemorySnapshot snapshot = InMemorySnapshot.random(IMAGES, DIMENSION, 5);
  private final ToyTraining training = new ToyTraining(snapshot, this::batch);

  @TempDir private java.nio.file.Path directory;

  /** The target depends on the ad image's vector; a few images are missing. */
  private List<Example> batch(long step) {
    Random random = new Random(step);
    List<Example> batch = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      int ad = random.nextInt(IMAGES);
      batch.add(
          new Example(
              InMemorySnapshot.key(ad),
              InMemorySnapshot.key(random.nextInt(IMAGES + 20)),
              Fingerprints.idKey("id", "" + random.nextInt(10)),
              snapshot.vector("img-" + ad)[3] - 3));
    }
    return batch;
  }

  private static Layout layout(int servers, int workers, int threads) {
    return new Layout(
        servers,
        workers,
        false,
        RowPrecision.FLOAT32,
        MissingImages.LEARNED,
        Staleness.SYNCHRONOUS,
        threads);
  }

  /** Products of fewer rows may add in another order; the same pieces give the same bits. */
  @ParameterizedTest
  @CsvSource({"1, 1, 2", "2, 2, 3"})
  void moreThreadsTrainTheSame(int servers, int workers, int threads) throws Exception {
    Result one = training.run(layout(servers, workers, 1), STEPS);
    Result several = training.run(layout(servers, workers, threads), STEPS);
    for (int s = 0; s < STEPS; s++) {
      double expected = one.losses().get(s);
      assertThat(several.losses().get(s)).isCloseTo(expected, within(1e-5 * expected + 1e-6));
    }
    assertThat(several.dense()).containsExactly(one.dense(), within(1e-5f));

    Result again = training.run(layout(servers, workers, threads), STEPS);
    assertThat(again.losses()).isEqualTo(several.losses());
    assertThat(again.dense()).isEqualTo(several.dense());
    assertThat(again.digests()).isEqualTo(several.digests());
  }

  @Test
  void goesOnFromACheckpointToTheSameBits() throws Exception {
    Layout layout = layout(2, 1, 2);
    Path staging = new Path(directory.resolve("_staging").toUri());
    Path checkpoint = new Path(directory.resolve("checkpoint").toUri());
    Result undisturbed =
        training.run(
            layout,
            STEPS,
            server ->
                server.checkpointEvery(
                    CHECKPOINT_AT,
                    taken -> {
                      if (taken.steps() == CHECKPOINT_AT) {
                        new CheckpointPartWriter(conf).write(taken, staging);
                      }
                    }));
    new CheckpointCommitter(conf)
        .commit(
            staging,
            checkpoint,
            layout.servers(),
            new CheckpointManifest(
                CheckpointManifest.FORMAT_VERSION,
                CHECKPOINT_AT,
                SEED,
                Gang.EMBEDDING_DIMENSION,
                DIMENSION,
                "adam",
                "adam",
                List.of()));

    Checkpoint opened = Checkpoint.open(conf, checkpoint);
    Result resumed =
        training.run(layout, STEPS, server -> server.restore(opened, ProgressListener.NONE));

    assertThat(resumed.losses()).isEqualTo(undisturbed.losses().subList(CHECKPOINT_AT, STEPS));
    assertThat(resumed.dense()).isEqualTo(undisturbed.dense());
    assertThat(resumed.digests()).isEqualTo(undisturbed.digests());
  }
}
