package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.CheckpointCommitter;
import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.ams.checkpoint.CheckpointPartWriter;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.embedding.EmbeddingOptions;
import io.dicm.ams.embedding.EmbeddingStatistics;
import io.dicm.ams.server.ToyTraining.Layout;
import io.dicm.ams.server.ToyTraining.Result;
import io.dicm.ams.server.ToyWorker.Example;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.window.Staleness;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.security.ApplicationSecret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings in which IDs are admitted by count and expire, over gRPC on loopback. */
class TestIdLifetimes {
  private static final int IMAGES = 12;
  private static final int DIMENSION = 8;
  private static final int BATCH = 12;
  private static final int STEPS = 140;
  private static final int CHECKPOINT_AT = 111;
  private static final long SEED = 11;

  private static final EmbeddingOptions RESTRICTED =
      new EmbeddingOptions(3, 100, 0, Gang.EMBEDDING_BYTES);

  private final Configuration conf = new Configuration(false);
  private final InMemorySnapshot snapshot = InMemorySnapshot.random(IMAGES, DIMENSION, 5);
  private final ToyTraining restricted =
      new ToyTraining(snapshot, TestIdLifetimes::batch, RESTRICTED);

  @TempDir private java.nio.file.Path directory;

  /**
   * IDs that are always there, IDs that come in ten steps of every 115 (and expire between), and
   * some that come now and then.
   */
  private static List<Example> batch(long step) {
    Random random = new Random(step);
    List<Example> batch = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      String id =
          i % 3 == 0
              ? "rare-" + random.nextInt(300)
              : i % 3 == 1 && step % 115 < 10
                  ? "season-" + random.nextInt(8)
                  : "always-" + random.nextInt(5);
      batch.add(
          new Example(
              InMemorySnapshot.key(random.nextInt(IMAGES)),
              InMemorySnapshot.key(random.nextInt(IMAGES)),
              Fingerprints.idKey("id", id),
              id.length() / 4f + (float) random.nextGaussian() / 10));
    }
    return batch;
  }

  private static long sum(Result result, ToLongFunction<EmbeddingStatistics> count) {
    return result.embeddings().stream().mapToLong(count).sum();
  }

  /** Largest difference of a step's loss, relative to the mean loss. */
  private static double distance(List<Double> one, List<Double> other) {
    assertThat(one).hasSameSizeAs(other);
    double largest = 0;
    double total = 0;
    for (int step = 0; step < one.size(); step++) {
      largest = Math.max(largest, Math.abs(one.get(step) - other.get(step)));
      total += one.get(step);
    }
    return largest * one.size() / total;
  }

  @Test
  void theLayoutDoesNotChangeTheResult() throws Exception {
    Result one = restricted.run(new Layout(1, 1), STEPS);
    assertThat(sum(one, EmbeddingStatistics::expired)).isPositive();
    assertThat(sum(one, EmbeddingStatistics::candidates)).isPositive();
    assertThat(sum(one, EmbeddingStatistics::admitted))
        .isLessThan(sum(one, EmbeddingStatistics::begun));
    for (Layout layout : List.of(new Layout(3, 1), new Layout(2, 2))) {
      Result other = restricted.run(layout, STEPS);
      assertThat(distance(one.losses(), other.losses())).isLessThan(1e-4);
      assertThat(other.dense()).containsExactly(one.dense(), within(1e-4f));
      assertThat(sum(other, EmbeddingStatistics::begun))
          .isEqualTo(sum(one, EmbeddingStatistics::begun));
      assertThat(sum(other, EmbeddingStatistics::admitted))
          .isEqualTo(sum(one, EmbeddingStatistics::admitted));
    }
    // What the tolerance has to tell apart.
    for (EmbeddingOptions options :
        List.of(
            new EmbeddingOptions(2, 100, 0, Gang.EMBEDDING_BYTES),
            new EmbeddingOptions(3, 110, 0, Gang.EMBEDDING_BYTES))) {
      Result other =
          new ToyTraining(snapshot, TestIdLifetimes::batch, options).run(new Layout(1, 1), STEPS);
      assertThat(distance(one.losses(), other.losses())).isGreaterThan(1e-3);
    }
  }

  private Path checkpoint(ToyTraining training, Layout layout, String name) throws Exception {
    Path staging = path("_staging-" + name);
    training.run(
        layout,
        CHECKPOINT_AT,
        server ->
            server.checkpointEvery(
                CHECKPOINT_AT, taken -> new CheckpointPartWriter(conf).write(taken, staging)));
    CheckpointManifest identity =
        new CheckpointManifest(
            CheckpointManifest.FORMAT_VERSION,
            CHECKPOINT_AT,
            SEED,
            Gang.EMBEDDING_DIMENSION,
            DIMENSION,
            "adam",
            "adam",
            List.of());
    new CheckpointCommitter(conf).commit(staging, path(name), layout.servers(), identity);
    return path(name);
  }

  private Path path(String name) {
    return new Path(directory.resolve(name).toUri());
  }

  private Result goOn(ToyTraining training, Layout layout, Path checkpoint) throws Exception {
    Checkpoint opened = Checkpoint.open(conf, checkpoint);
    return training.run(layout, STEPS, server -> server.restore(opened, ProgressListener.NONE));
  }

  private static List<Double> afterCheckpoint(Result undisturbed) {
    return undisturbed.losses().subList(CHECKPOINT_AT, STEPS);
  }

  @Test
  void goesOnFromACheckpointToTheSameBits() throws Exception {
    Layout layout = new Layout(2, 2);
    ToyTraining training =
        new ToyTraining(
            snapshot,
            TestIdLifetimes::batch,
            new EmbeddingOptions(3, 100, 12, Gang.EMBEDDING_BYTES));
    Result undisturbed = training.run(layout, STEPS);
    assertThat(sum(undisturbed, EmbeddingStatistics::expired)).isPositive();
    Result resumed = goOn(training, layout, checkpoint(training, layout, "c"));
    assertThat(resumed.losses()).isEqualTo(afterCheckpoint(undisturbed));
    assertThat(resumed.dense()).isEqualTo(undisturbed.dense());
    assertThat(resumed.digests()).isEqualTo(undisturbed.digests());
  }

  @Test
  void goesOnWithAnotherNumberOfServers() throws Exception {
    Result undisturbed = restricted.run(new Layout(3, 1), STEPS);
    Path checkpoint = checkpoint(restricted, new Layout(3, 1), "c");
    for (Layout other : List.of(new Layout(1, 1), new Layout(4, 2))) {
      Result resumed = goOn(restricted, other, checkpoint);
      assertThat(distance(afterCheckpoint(undisturbed), resumed.losses())).isLessThan(1e-4);
      assertThat(resumed.dense()).containsExactly(undisturbed.dense(), within(1e-4f));
    }
  }

  @Test
  void aServerSaysThatItsEmbeddingsDoNotFit() {
    ApplicationSecret secret = ApplicationSecret.generate();
    AmsServerOptions options =
        AmsServerOptions.of(0, 1, 1)
            .embeddingDimension(64)
            .optimizers(OptimizerOptions.adam(0.1f))
            .seed(SEED)
            .windowTimeoutMs(Gang.TIMEOUT_MS)
            .epoch(1)
            .memoryLimitBytes(
                FeatureShard.bytesFor(IMAGES, DIMENSION, VectorPrecision.FLOAT32) + 1_000_000)
            .embeddings(EmbeddingOptions.everyId(4_000_000))
            .build();
    try (AmsServer server = new AmsServer(options, secret)) {
      server.load(snapshot, ProgressListener.NONE);
      String hostPort = "localhost:" + server.start();
      server.connectPeers(List.of(hostPort));
      try (GrpcAmsClient client =
          new GrpcAmsClient(
              0, List.of(hostPort), secret, 1, Gang.TIMEOUT_MS, RowPrecision.FLOAT32)) {
        client.join(ToyWorker.initialDense());
        long[] ids = LongStream.range(1, 20_000).toArray();
        assertThatThrownBy(() -> client.forward(new StepRequest(0, new long[0], new long[0], ids)))
            .hasMessageContaining(
                "Cannot hold the ID embeddings and open steps' images of server 0: they need ")
            .hasMessageContaining(" bytes, allowed 5000000. Give the servers more memory")
            .extracting(e -> ((DicmException) e).code())
            .isEqualTo(ErrorCode.MEMORY_PLAN_TOO_LARGE);
      }
    }
  }

  @Test
  void theModelHasTheTrainedIdsAlone() throws Exception {
    Path checkpoint = checkpoint(restricted, new Layout(2, 1), "c");
    Checkpoint opened = Checkpoint.open(conf, checkpoint);
    Set<Long> written = new HashSet<>();
    try (Gang gang =
        new Gang(
            snapshot,
            2,
            1,
            false,
            MissingImages.ZERO,
            Staleness.SYNCHRONOUS,
            Gang.TIMEOUT_MS,
            RESTRICTED,
            1,
            server -> server.restore(opened, ProgressListener.NONE))) {
      gang.servers.forEach(server -> server.writeModelPart(conf, path("model")));
      for (FileStatus file : ParquetTables.files(conf, path("model/id_embeddings"))) {
        ParquetTables.read(conf, file.getPath(), row -> written.add(row.getLong("id_key", 0)));
      }
      assertThat((long) written.size())
          .isEqualTo(
              gang.servers.stream().mapToLong(s -> s.statistics().embeddings().rows()).sum());
    }
    Set<Long> trained = new HashSet<>();
    for (FileStatus file : ParquetTables.files(conf, new Path(checkpoint, "id_embeddings"))) {
      ParquetTables.read(
          conf,
          file.getPath(),
          row -> {
            assertThat(row.getLong("last_step", 0))
                .isBetween(CHECKPOINT_AT - 100L, CHECKPOINT_AT - 1L);
            if (row.getInteger("references", 0) >= 3) {
              trained.add(row.getLong("id_key", 0));
            } else {
              assertThat(row.getInteger("updates", 0)).isZero();
              assertThat(row.getGroup("value", 0).getFieldRepetitionCount(0)).isZero();
            }
          });
    }
    assertThat(trained).isNotEmpty().isEqualTo(written);
    assertThat(trained).contains(Fingerprints.idKey("id", "always-3"));
  }
}
