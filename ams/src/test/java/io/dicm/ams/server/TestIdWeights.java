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
import io.dicm.ams.embedding.EmbeddingVisitor;
import io.dicm.ams.embedding.IdHistory;
import io.dicm.ams.embedding.InitialValues;
import io.dicm.ams.embedding.RowColumns;
import io.dicm.ams.optimizer.Adagrad;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.Ftrl;
import io.dicm.ams.optimizer.LearningRate;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.schema.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Servers whose IDs have an embedding, trained by Adam, and a weight, trained by FTRL, as Wide
 * &amp; Deep has it, with AdaGrad for its networks.
 */
class TestIdWeights {
  private static final long SEED = 11;
  private static final int DIMENSION = 8;
  private static final int WORKERS = 2;
  private static final int BETWEEN = 4;
  private static final RowColumns COLUMNS = new RowColumns(3, 1);
  private static final LearningRate RATE = new LearningRate(0.05f, 0.5f, 3);
  private static final float ID_RATIO = 2;
  private static final float WEIGHT_RATIO = 4;
  private static final float L1 = 0.25f;
  private static final float L2 = 0.5f;
  private static final OptimizerOptions OPTIMIZERS =
      new OptimizerOptions(RATE, new Adagrad(), new Adam(), ID_RATIO, 0)
          .withWeights(new WeightOptimizer(new Ftrl(L1, L2), WEIGHT_RATIO));

  private final Configuration conf = new Configuration(false);
  private final InMemorySnapshot snapshot = InMemorySnapshot.random(5, DIMENSION, 5);

  @TempDir private java.nio.file.Path directory;

  private static AmsServerOptions options(
      int index, int servers, RowColumns columns, OptimizerOptions optimizers) {
    return AmsServerOptions.of(index, servers, WORKERS)
        .embeddingDimension(columns.embedding())
        .weightColumns(columns.weights())
        .optimizers(optimizers)
        .seed(SEED)
        .epoch(Gang.EPOCH)
        .windowTimeoutMs(Gang.TIMEOUT_MS)
        .memoryLimitBytes(1L << 20)
        .build();
  }

  private Gang gang(int servers, Consumer<AmsServer> beforeStart) {
    return gang(servers, COLUMNS, OPTIMIZERS, beforeStart);
  }

  private Gang gang(
      int servers,
      RowColumns columns,
      OptimizerOptions optimizers,
      Consumer<AmsServer> beforeStart) {
    return new Gang(
        snapshot, servers, index -> options(index, servers, columns, optimizers), beforeStart);
  }

  /** Some of 12 IDs, by the step and the worker alone. */
  private static StepRequest request(long step, int worker) {
    long[] ids =
        new Random(step * WORKERS + worker)
            .ints(6, 1, 13)
            .mapToLong(id -> id * 0x9E3779B97F4A7C15L)
            .distinct()
            .toArray();
    return new StepRequest(step, new long[0], new long[0], ids);
  }

  private static StepGradients gradients(StepRequest request, int worker, int width) {
    Random random = new Random(request.step() * 77 + worker);
    float[] rows = new float[request.idKeys().length * width];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    return new StepGradients(
        request.step(), worker + 1, new float[0], new float[0], rows, new float[] {1});
  }

  /** An ID's row from the papers' formulas, in double precision. */
  private static final class Plain {
    private final double[] values = new double[COLUMNS.width()];
    private final double[] first = new double[COLUMNS.embedding()];
    private final double[] second = new double[COLUMNS.embedding()];
    private double linear;
    private double sum;
    private int updates;

    Plain(long key) {
      float[] initial = new float[COLUMNS.embedding()];
      InitialValues.ofEmbeddings(SEED, initial.length).fill(key, initial, 0);
      for (int i = 0; i < initial.length; i++) {
        values[i] = initial[i];
      }
    }

    void update(double[] gradient, long step) {
      updates++;
      long halvings = step / 3;
      double rate = 0.05 * Math.pow(0.5, (double) halvings) * ID_RATIO;
      for (int i = 0; i < first.length; i++) {
        first[i] = 0.9 * first[i] + 0.1 * gradient[i];
        second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i];
        double corrected = Math.sqrt(second[i] / (1 - Math.pow(0.999, updates)));
        values[i] -= rate * first[i] / (1 - Math.pow(0.9, updates)) / (corrected + 1e-8);
      }
      // FTRL's rate does not shrink with the others.
      double constant = 0.05 * WEIGHT_RATIO;
      double g = gradient[first.length];
      linear += g - (Math.sqrt(sum + g * g) - Math.sqrt(sum)) / constant * values[first.length];
      sum += g * g;
      values[first.length] =
          Math.abs(linear) <= L1
              ? 0
              : -(linear - Math.signum(linear) * L1) / ((1 + Math.sqrt(sum)) / constant + L2);
    }
  }

  @Test
  void bothPartsOfARowAreTrainedByTheirOwnRules() {
    Map<Long, Plain> plain = new HashMap<>();
    int zeros = 0;
    try (Gang gang = gang(2, server -> {});
        GrpcAmsClient one = gang.client(0);
        GrpcAmsClient two = gang.client(1)) {
      List<GrpcAmsClient> clients = List.of(one, two);
      clients.forEach(client -> client.join(new float[1]));
      for (long step = 0; step < 10; step++) {
        List<StepInputs> answers = ask(clients, step);
        Map<Long, double[]> sums = new TreeMap<>();
        for (int worker = 0; worker < WORKERS; worker++) {
          StepRequest request = request(step, worker);
          float[] sent = gradients(request, worker, COLUMNS.width()).idEmbeddings();
          float[] rows = answers.get(worker).idEmbeddings();
          assertThat(rows).hasSize(request.idKeys().length * COLUMNS.width());
          for (int i = 0; i < request.idKeys().length; i++) {
            long key = request.idKeys()[i];
            double[] values = plain.computeIfAbsent(key, Plain::new).values;
            double[] sum = sums.computeIfAbsent(key, absent -> new double[COLUMNS.width()]);
            for (int c = 0; c < values.length; c++) {
              assertThat((double) rows[i * values.length + c])
                  .as("step %s, key %s, column %s", step, key, c)
                  .isCloseTo(values[c], within(1e-5));
              // Of one impression of worker 0 and two of worker 1.
              sum[c] += sent[i * values.length + c] / 3.0;
            }
            zeros += rows[i * values.length + 3] == 0 && plain.get(key).updates > 0 ? 1 : 0;
          }
        }
        send(clients, step, COLUMNS.width());
        for (Map.Entry<Long, double[]> entry : sums.entrySet()) {
          plain.get(entry.getKey()).update(entry.getValue(), step);
        }
      }
    }
    assertThat(zeros).isPositive();
    assertThat(plain.values()).anyMatch(row -> row.values[3] != 0);
  }

  private static List<StepInputs> ask(List<GrpcAmsClient> clients, long step) {
    List<Answer<StepInputs>> asked = new ArrayList<>();
    for (int worker = 0; worker < clients.size(); worker++) {
      asked.add(clients.get(worker).ask(request(step, worker)));
    }
    return asked.stream().map(Answer::await).toList();
  }

  private static void send(List<GrpcAmsClient> clients, long step, int width) {
    List<Answer<Void>> sent = new ArrayList<>();
    for (int worker = 0; worker < clients.size(); worker++) {
      sent.add(clients.get(worker).send(gradients(request(step, worker), worker, width)));
    }
    sent.forEach(Answer::await);
  }

  /** Trains from where {@code beforeStart} leaves the servers and commits the last checkpoint. */
  private Checkpoint train(
      Gang gang, int servers, long from, long to, String name, CheckpointManifest identity)
      throws IOException {
    int width = identity.rowColumns().width();
    try (gang;
        GrpcAmsClient one = gang.client(0);
        GrpcAmsClient two = gang.client(1)) {
      List<GrpcAmsClient> clients = List.of(one, two);
      clients.forEach(client -> client.join(new float[1]));
      for (long step = from; step < to; step++) {
        ask(clients, step);
        send(clients, step, width);
      }
      gang.servers.forEach(AmsServer::awaitCheckpoints);
    }
    Path target = path(name);
    new CheckpointCommitter(conf)
        .commit(staging(name, to), target, servers, identity.at(to, List.of()));
    return Checkpoint.open(conf, target);
  }

  private Checkpoint train(int servers, long from, long to, String name, Consumer<AmsServer> start)
      throws IOException {
    return train(COLUMNS, servers, from, to, name, start);
  }

  private Checkpoint train(
      RowColumns columns, int servers, long from, long to, String name, Consumer<AmsServer> start)
      throws IOException {
    Gang gang =
        gang(
            servers,
            columns,
            OPTIMIZERS,
            server -> {
              start.accept(server);
              checkpoints(server, name);
            });
    return train(gang, servers, from, to, name, identity(columns));
  }

  private void checkpoints(AmsServer server, String name) {
    server.checkpointEvery(
        BETWEEN,
        taken -> new CheckpointPartWriter(conf).write(taken, staging(name, taken.steps())));
  }

  private static CheckpointManifest identity(RowColumns columns) {
    return new CheckpointManifest(
        CheckpointManifest.FORMAT_VERSION,
        0,
        SEED,
        columns.embedding(),
        columns.weights(),
        DIMENSION,
        SubModelShape.USUAL,
        "adagrad",
        "adam",
        "ftrl",
        List.of());
  }

  private Path path(String name) {
    return new Path(directory.resolve(name).toUri());
  }

  private Path staging(String name, long steps) {
    return path("_staging-" + name + "-" + steps);
  }

  private static Map<Long, String> contents(Checkpoint checkpoint) throws IOException {
    Map<Long, String> contents = new TreeMap<>();
    checkpoint.forEachEmbedding(
        OPTIMIZERS.ofRows(checkpoint.manifest().rowColumns()),
        new EmbeddingVisitor<RuntimeException>() {
          @Override
          public void row(long key, IdHistory history, OptimizerState state) {
            contents.put(
                key,
                history + Arrays.toString(state.values()) + Arrays.deepToString(state.slots()));
          }

          @Override
          public void candidate(long key, IdHistory history) {
            throw new AssertionError("There are no candidates");
          }
        });
    return contents;
  }

  @Test
  void otherServersGoOnFromACheckpointToTheBit() throws IOException {
    Checkpoint half = train(1, 0, BETWEEN, "half", server -> {});
    Checkpoint goneOn =
        train(
            2,
            BETWEEN,
            2 * BETWEEN,
            "gone-on",
            server -> server.restore(half, ProgressListener.NONE));
    Checkpoint undisturbed = train(1, 0, 2 * BETWEEN, "undisturbed", server -> {});

    assertThat(contents(goneOn)).hasSize(12).isEqualTo(contents(undisturbed));
    assertThat(contents(half)).isNotEqualTo(contents(undisturbed));
    OptimizerState dense = goneOn.dense(new Adagrad());
    assertThat(dense.values()[0]).isNegative();
    assertThat(dense.values()).isEqualTo(undisturbed.dense(new Adagrad()).values());
    assertThat(dense.slots()).isDeepEqualTo(undisturbed.dense(new Adagrad()).slots());
    assertThat(goneOn.manifest().rowColumns()).isEqualTo(COLUMNS);
    assertThat(goneOn.manifest().weightOptimizer()).isEqualTo("ftrl");
    assertThat(goneOn.manifest().parts().get(1).weightSettings())
        .isEqualTo(Map.of("learningRate", 0.2f, "l1", L1, "l2", L2));
    assertThat(columns("half"))
        .containsExactly(
            "id_key",
            "last_step",
            "references",
            "updates",
            "value",
            "first_moment",
            "second_moment",
            "weight_value",
            "weight_linear",
            "weight_squared_gradient_sum");
  }

  @Test
  void weightsAloneAreKeptToo() throws IOException {
    RowColumns weight = new RowColumns(0, 1);
    Checkpoint half = train(weight, 1, 0, BETWEEN, "half", server -> {});
    Checkpoint goneOn =
        train(
            weight,
            2,
            BETWEEN,
            2 * BETWEEN,
            "gone-on",
            server -> server.restore(half, ProgressListener.NONE));
    Checkpoint undisturbed = train(weight, 1, 0, 2 * BETWEEN, "undisturbed", server -> {});

    assertThat(contents(goneOn)).hasSize(12).isEqualTo(contents(undisturbed));
    assertThat(columns("half"))
        .containsExactly(
            "id_key",
            "last_step",
            "references",
            "updates",
            "weight_value",
            "weight_linear",
            "weight_squared_gradient_sum");
  }

  private List<String> columns(String checkpoint) throws IOException {
    List<String> names = new ArrayList<>();
    ParquetTables.read(
        conf,
        new Path(path(checkpoint), "id_embeddings/" + ParquetTables.partName(0)),
        row -> {
          if (names.isEmpty()) {
            row.getType().getFields().stream().map(Type::getName).forEach(names::add);
          }
        });
    return names;
  }

  @Test
  void filesOfIdsWithoutWeightsAreAsTheyWere() throws IOException {
    Gang gang =
        gang(
            1,
            RowColumns.embeddingAlone(3),
            OptimizerOptions.adam(0.01f),
            server -> checkpoints(server, "plain"));
    train(
        gang,
        1,
        0,
        BETWEEN,
        "plain",
        new CheckpointManifest(
            CheckpointManifest.FORMAT_VERSION, 0, SEED, 3, DIMENSION, "adam", "adam", List.of()));

    assertThat(Files.readString(directory.resolve("plain/checkpoint.json")))
        .doesNotContainIgnoringCase("weight")
        .doesNotContainIgnoringCase("statistics");
    assertThat(columns("plain"))
        .containsExactly(
            "id_key",
            "last_step",
            "references",
            "updates",
            "value",
            "first_moment",
            "second_moment");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          3 | 1 | adam | 0    | 4 | Cannot restore the checkpoint: its optimiser of the IDs' weights is ftrl, needed adam.
          3 | 2 | ftrl | 0.25 | 4 | Cannot restore the checkpoint: its number of weights of each ID is 1, needed 2.
          4 | 1 | ftrl | 0.25 | 4 | Cannot restore the checkpoint: its embedding dimension is 3, needed 4.
          3 | 1 | ftrl | 0.75 | 4 | {l1=0.25, l2=0.5, learningRate=0.2}, now it has {l1=0.75, l2=0.5, learningRate=0.2}
          3 | 1 | ftrl | 0.25 | 1 | {l1=0.25, l2=0.5, learningRate=0.2}, now it has {l1=0.25, l2=0.5, learningRate=0.05}
          """)
  void othersAreRefused(
      int embedding, int weights, String optimizer, float l1, float ratio, String message)
      throws IOException {
    Checkpoint checkpoint = train(1, 0, BETWEEN, "checkpoint", server -> {});
    RowColumns columns = new RowColumns(embedding, weights);
    Optimizer ofWeights = optimizer.equals("ftrl") ? new Ftrl(l1, L2) : new Adam();
    OptimizerOptions optimizers = OPTIMIZERS.withWeights(new WeightOptimizer(ofWeights, ratio));

    assertRefused(
        columns, optimizers, server -> server.restore(checkpoint, ProgressListener.NONE), message);
    assertRefused(
        columns,
        optimizers,
        server -> server.warmStart(checkpoint, WarmStartMode.FULL, ProgressListener.NONE),
        message);
  }

  @Test
  void aTrainingWithoutWeightsIsRefused() throws IOException {
    Checkpoint checkpoint = train(1, 0, BETWEEN, "checkpoint", server -> {});
    assertRefused(
        RowColumns.embeddingAlone(3),
        OptimizerOptions.adam(0.05f),
        server -> server.restore(checkpoint, ProgressListener.NONE),
        "Cannot restore the checkpoint: its number of weights of each ID is 1, needed 0.");
  }

  private void assertRefused(
      RowColumns columns, OptimizerOptions optimizers, Consumer<AmsServer> start, String message) {
    assertThatThrownBy(() -> gang(1, columns, optimizers, start).close())
        .hasMessageContaining(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.SCHEMA_MISMATCH);
  }

  @Test
  void weightsNeedAnOptimizer() {
    assertThatThrownBy(() -> options(0, 1, COLUMNS, OptimizerOptions.adam(0.1f)))
        .hasMessage(
            "Cannot set up the model server: number of weights of each ID was 1, allowed 0 without"
                + " an optimiser of weights.");
    assertThatThrownBy(() -> options(0, 1, RowColumns.embeddingAlone(3), OPTIMIZERS))
        .hasMessage(
            "Cannot set up the model server: number of weights of each ID was 0, allowed >= 1 with"
                + " an optimiser of weights.");
  }
}
