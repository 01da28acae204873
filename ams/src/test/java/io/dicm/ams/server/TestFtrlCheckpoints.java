package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.CheckpointCommitter;
import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.ams.checkpoint.CheckpointPartWriter;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.dense.DenseParameters;
import io.dicm.ams.embedding.EmbeddingTable;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.Ftrl;
import io.dicm.ams.optimizer.LearningRate;
import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.ams.submodel.SubModel;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** FTRL makes values anew from sums, by its learning rate and L1: others would rescale them. */
class TestFtrlCheckpoints {
  private static final int DIMENSION = 16;
  private static final long SEED = 11;
  private static final long ID = 4711;
  private static final float RATE = 0.01f;
  private static final float L1 = 0.125f;

  private final Configuration conf = new Configuration(false);
  private final CheckpointManifest identity =
      new CheckpointManifest(
          CheckpointManifest.FORMAT_VERSION,
          1,
          SEED,
          Gang.EMBEDDING_DIMENSION,
          DIMENSION,
          "adam",
          "ftrl",
          List.of());

  @TempDir private java.nio.file.Path directory;

  private float[] trained;

  /** What is done with a server's state and ID embeddings. */
  @FunctionalInterface
  private interface Use {
    void of(ServerState state, EmbeddingTable embeddings) throws IOException;
  }

  @BeforeEach
  void writeACheckpoint() throws IOException {
    Path staging = path("_staging");
    with(
        RATE,
        2,
        L1,
        (state, embeddings) -> {
          int[] rows = embeddings.rowsOf(0, new long[] {ID});
          embeddings.update(rows, new float[] {1, -2, 3, -4}, 2 * RATE);
          trained = embeddings.values(rows);
          new CheckpointPartWriter(conf).write(state.snapshot(1), staging);
        });
    new CheckpointCommitter(conf).commit(staging, path("checkpoint"), 1, identity);
  }

  private static void with(float rate, float ratio, float l1, Use use) throws IOException {
    AmsServerOptions options =
        AmsServerOptions.of(0, 1, 1)
            .embeddingDimension(Gang.EMBEDDING_DIMENSION)
            .optimizers(
                new OptimizerOptions(
                    LearningRate.constant(rate), new Adam(), new Ftrl(l1, 0), ratio, 0))
            .seed(SEED)
            .build();
    DenseParameters dense = new DenseParameters(0, 1, new Adam());
    dense.offer(0, 3, 0, new float[3]);
    try (SubModel subModel =
            new SubModel(
                NetworkLayout.of(DIMENSION), true, SEED, new Adam(), 0, 1, ComputeCrew.alone());
        EmbeddingTable embeddings =
            new EmbeddingTable(
                Gang.EMBEDDING_DIMENSION,
                SEED,
                options.optimizers().ids(),
                0,
                options.embeddings(),
                new MemoryBudget("the test's embeddings", "", Gang.EMBEDDING_BYTES))) {
      use.of(
          new ServerState(
              options, options.subModel().decide(DIMENSION), subModel, embeddings, dense),
          embeddings);
    }
  }

  private Path path(String name) {
    return new Path(directory.resolve(name).toUri());
  }

  private Checkpoint checkpoint() throws IOException {
    return Checkpoint.open(conf, path("checkpoint"));
  }

  /** The product of rate and ratio is what counts. */
  @Test
  void theSameSettingsGoOn() throws IOException {
    with(
        2 * RATE,
        1,
        L1,
        (state, embeddings) -> {
          state.warmStart(checkpoint(), WarmStartMode.FULL, ProgressListener.NONE);
          assertThat(embeddings.values(embeddings.rowsOf(0, new long[] {ID}))).isEqualTo(trained);
        });
  }

  @ParameterizedTest
  @CsvSource({
    "0.01, 4, 0.125, '{l1=0.125, l2=0.0, learningRate=0.04}'",
    "0.5, 2, 0.125, '{l1=0.125, l2=0.0, learningRate=1.0}'",
    "0.01, 2, 0.5, '{l1=0.5, l2=0.0, learningRate=0.02}'",
  })
  void othersAreRefusedWhereTheEmbeddingsAreTaken(float rate, float ratio, float l1, String now)
      throws IOException {
    with(
        rate,
        ratio,
        l1,
        (state, embeddings) -> {
          Checkpoint checkpoint = checkpoint();
          assertRefused(
              () -> state.warmStart(checkpoint, WarmStartMode.FULL, ProgressListener.NONE), now);
          assertRefused(() -> state.restore(checkpoint, ProgressListener.NONE), now);
          state.warmStart(checkpoint, WarmStartMode.PARTIAL, ProgressListener.NONE);
          assertThat(embeddings.statistics().rows()).isZero();
        });
  }

  private static void assertRefused(ThrowingCallable start, String now) {
    assertThatThrownBy(start)
        .hasMessage(
            "Cannot go on with the checkpoint's ID embeddings: ftrl trained them with {l1=0.125,"
                + " l2=0.0, learningRate=0.02}, now it has "
                + now
                + ", which would rescale them. Set dicm.train.id-l1, and dicm.train.learning-rate"
                + " times dicm.train.id-learning-rate-ratio, to what they were, or leave the"
                + " embeddings out by dicm.train.warm-start-mode=partial.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.SCHEMA_MISMATCH);
  }

  @Test
  void checkpointsOfOlderVersionsDoNotSayAndAreTaken() throws IOException {
    java.nio.file.Path file = directory.resolve("checkpoint/checkpoint.json");
    String json = Files.readString(file);
    String older = json.replaceFirst("\"idSettings\" : \\{[^}]*\\},", "");
    assertThat(older).isNotEqualTo(json);
    Files.delete(directory.resolve("checkpoint/.checkpoint.json.crc"));
    Files.writeString(file, older);
    with(
        RATE,
        4,
        L1,
        (state, embeddings) -> {
          state.warmStart(checkpoint(), WarmStartMode.FULL, ProgressListener.NONE);
          assertThat(embeddings.statistics().rows()).isOne();
        });
  }
}
