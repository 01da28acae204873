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
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.server.ToyWorker.Example;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.shard.VectorScaling;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.SubModelChoice;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.tensor.SafeTensors;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sub-models of other shapes, and none, in servers over gRPC on loopback. */
class TestSubModelShapes {
  private static final int IMAGES = 40;
  private static final int DIMENSION = 32;
  private static final int SERVERS = 2;
  private static final int STEPS = 12;
  private static final long SEED = 11;

  private final Configuration conf = new Configuration(false);
  private final InMemorySnapshot snapshot = InMemorySnapshot.random(IMAGES, DIMENSION, 5);

  @TempDir private java.nio.file.Path directory;

  private static SubModelShape shape(String text) {
    return SubModelShape.parse(text).orElseThrow();
  }

  private static AmsServerOptions options(int index, SubModelChoice choice, MissingImages missing) {
    return AmsServerOptions.of(index, SERVERS, 1)
        .embeddingDimension(Gang.EMBEDDING_DIMENSION)
        .optimizers(OptimizerOptions.adam(0.01f))
        .seed(SEED)
        .subModel(choice)
        .missingImages(missing)
        .windowTimeoutMs(Gang.TIMEOUT_MS)
        .epoch(Gang.EPOCH)
        .build();
  }

  private Gang gang(SubModelShape shape, Consumer<AmsServer> beforeStart) {
    return gang(SubModelChoice.of(shape), MissingImages.ZERO, beforeStart);
  }

  private Gang gang(SubModelChoice choice, MissingImages missing, Consumer<AmsServer> beforeStart) {
    return new Gang(snapshot, SERVERS, index -> options(index, choice, missing), beforeStart);
  }

  /** The target depends on both images' vectors and on the ID. */
  private List<Example> batch(long step) {
    Random random = new Random(step);
    List<Example> batch = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      int ad = random.nextInt(IMAGES);
      int behavior = random.nextInt(IMAGES);
      int id = random.nextInt(10);
      batch.add(
          new Example(
              InMemorySnapshot.key(ad),
              InMemorySnapshot.key(behavior),
              Fingerprints.idKey("id", "" + id),
              snapshot.vector("img-" + ad)[3]
                  - 3
                  + 0.5f * (snapshot.vector("img-" + behavior)[7] - 3)));
    }
    return batch;
  }

  private List<Double> train(Gang gang, int code, long from, long to) {
    try (GrpcAmsClient client = gang.client(0)) {
      assertThat(client.join(ToyWorker.initialDense(code)).firstStep()).isEqualTo(from);
      ToyWorker worker = new ToyWorker(client, code);
      List<Double> losses = new ArrayList<>();
      for (long step = from; step < to; step++) {
        losses.add(worker.step(step, batch(step)));
      }
      client.leave(to);
      return losses;
    }
  }

  @ParameterizedTest
  @CsvSource({"none, 32", "64-12, 12", "16-8-8-5, 5", "7, 7"})
  void learnsWhatDependsOnTheImages(String text, int code) {
    try (Gang gang = gang(shape(text), server -> {})) {
      List<Double> losses = train(gang, code, 0, 250);
      double first = losses.subList(0, 10).stream().mapToDouble(loss -> loss).sum();
      double last = losses.subList(240, 250).stream().mapToDouble(loss -> loss).sum();
      assertThat(last).isLessThan(0.25 * first);
    }
  }

  /** A mean and a scale that the test computes for itself are all that happens to a vector. */
  @Test
  void withoutASubModelTheVectorsAreServedAndNothingElseMoves() throws Exception {
    VectorScaling scaling = VectorScaling.of(snapshot);
    try (Gang gang = gang(SubModelShape.NONE, server -> {})) {
      try (GrpcAmsClient client = gang.client(0)) {
        client.join(ToyWorker.initialDense(DIMENSION));
        long[] ads = {InMemorySnapshot.key(3), 777, InMemorySnapshot.key(0)};
        long[] behaviors = {InMemorySnapshot.key(5), InMemorySnapshot.key(3)};
        StepInputs inputs = client.forward(new StepRequest(0, ads, behaviors, new long[0]));
        assertThat(inputs.adCodes())
            .containsExactly(
                rows(scaled(scaling, 3), new float[DIMENSION], scaled(scaling, 0)), within(1e-6f));
        assertThat(inputs.behaviorCodes())
            .containsExactly(rows(scaled(scaling, 5), scaled(scaling, 3)), within(1e-6f));
      }
      long missing = gang.servers.stream().mapToLong(s -> s.statistics().missingReferences()).sum();
      assertThat(missing).isEqualTo(1);
    }
    try (Gang gang = gang(SubModelShape.NONE, server -> {})) {
      train(gang, DIMENSION, 0, STEPS);
      for (AmsServer server : gang.servers) {
        Map<TrafficClass, Long> bytes = server.statistics().bytesByClass();
        assertThat(bytes.getOrDefault(TrafficClass.SUB_MODEL, 0L)).isZero();
        assertThat(bytes.getOrDefault(TrafficClass.IMAGE_GRADIENTS, 0L)).isZero();
        assertThat(bytes.get(TrafficClass.IMAGE_CODES))
            .isEqualTo(server.statistics().totalImageReferences() * DIMENSION * Float.BYTES);
      }
    }
  }

  private float[] scaled(VectorScaling scaling, int image) {
    float[] vector = snapshot.vector("img-" + image);
    scaling.apply(vector);
    return vector;
  }

  private static float[] rows(float[]... rows) {
    float[] all = new float[rows.length * DIMENSION];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, i * DIMENSION, DIMENSION);
    }
    return all;
  }

  @Test
  void aMissingImageIsAnErrorWhereItHasToBe() {
    try (Gang gang = gang(SubModelChoice.of(SubModelShape.NONE), MissingImages.FAIL, server -> {});
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense(DIMENSION));
      assertThatThrownBy(
              () -> client.forward(new StepRequest(0, new long[] {778}, new long[0], new long[0])))
          .hasMessageContaining("lacks 1 of the 1 images asked for, by image_key [778]");
    }
  }

  @Test
  void noCodeIsLearnedWithoutASubModel() {
    SubModelChoice none = SubModelChoice.of(SubModelShape.NONE);
    assertThatThrownBy(() -> gang(none, MissingImages.LEARNED, server -> {}).close())
        .hasMessageContaining("dicm.train.missing-image=learned with dicm.model.sub-model=none");
  }

  @Test
  void vectorsGoBySingleOrHalfPrecision() {
    try (Gang gang = gang(SubModelShape.NONE, server -> {});
        GrpcAmsClient client = gang.client(0, RowPrecision.FLOAT16)) {
      client.join(ToyWorker.initialDense(DIMENSION));
      long[] keys = {InMemorySnapshot.key(3)};
      float[] found = client.forward(new StepRequest(0, keys, new long[0], new long[0])).adCodes();
      float[] exact = scaled(VectorScaling.of(snapshot), 3);
      assertThat(found).isNotEqualTo(exact).containsExactly(exact, within(2e-3f));
    }
  }

  /** 24 values and fewer are not compressed, more are; the servers go by the vectors alone. */
  @ParameterizedTest
  @CsvSource({"24, 24", "25, 12", "128, 12", "129, 12"})
  void autoGoesByTheVectorsThatAreLoaded(int dimension, int code) {
    InMemorySnapshot other = InMemorySnapshot.random(10, dimension, 5);
    SubModelChoice auto = new SubModelChoice(Optional.empty(), Optional.empty());
    try (Gang gang =
            new Gang(other, SERVERS, i -> options(i, auto, MissingImages.ZERO), server -> {});
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense(code));
      long[] keys = {InMemorySnapshot.key(3)};
      StepInputs inputs = client.forward(new StepRequest(0, keys, keys, new long[0]));
      assertThat(inputs.adCodes()).hasSize(code);
      assertThat(inputs.behaviorCodes()).hasSize(code);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "64-12", "9"})
  void theModelHasTheCodesThatWorkersSaw(String text) throws Exception {
    SubModelShape shape = shape(text);
    int code = shape.codeDimension(DIMENSION);
    Path model = new Path(directory.toUri());
    long[] keys = new long[IMAGES];
    Arrays.setAll(keys, InMemorySnapshot::key);
    StepInputs seen;
    try (Gang gang = gang(shape, server -> {});
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense(code));
      seen = client.forward(new StepRequest(0, keys, keys, new long[0]));
      gang.servers.forEach(server -> server.writeModelPart(conf, model));
    }
    Map<Long, Group> rows = new HashMap<>();
    for (FileStatus file : ParquetTables.files(conf, new Path(model, "image_codes"))) {
      ParquetTables.read(conf, file.getPath(), row -> rows.put(row.getLong("image_key", 0), row));
    }
    assertThat(rows).hasSize(IMAGES);
    for (int i = 0; i < IMAGES; i++) {
      Group row = rows.get(keys[i]);
      assertThat(floats(row, "ad_code"))
          .containsExactly(
              Arrays.copyOfRange(seen.adCodes(), i * code, (i + 1) * code), within(1e-5f));
      assertThat(floats(row, "behavior_code"))
          .containsExactly(
              Arrays.copyOfRange(seen.behaviorCodes(), i * code, (i + 1) * code), within(1e-5f));
    }
    int tensors = shape.compresses() ? 2 * (3 * shape.layers().size() - 1) : 0;
    assertThat(new SafeTensors(conf).read(new Path(model, "sub_model.safetensors")))
        .hasSize(tensors + 4)
        .containsKeys("input.mean", "input.factor");
  }

  private static float[] floats(Group row, String name) {
    Group list = row.getGroup(name, 0);
    float[] values = new float[list.getFieldRepetitionCount("list")];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.getGroup("list", i).getFloat("element", 0);
    }
    return values;
  }

  private Checkpoint checkpoint(SubModelShape shape) throws Exception {
    int code = shape.codeDimension(DIMENSION);
    Path staging = new Path(directory.resolve("_staging").toUri());
    try (Gang gang =
        gang(
            shape,
            server ->
                server.checkpointEvery(
                    STEPS, taken -> new CheckpointPartWriter(conf).write(taken, staging)))) {
      train(gang, code, 0, STEPS);
      gang.servers.forEach(AmsServer::awaitCheckpoints);
    }
    Path target = new Path(directory.resolve("checkpoint").toUri());
    new CheckpointCommitter(conf)
        .commit(
            staging,
            target,
            SERVERS,
            new CheckpointManifest(
                CheckpointManifest.FORMAT_VERSION,
                STEPS,
                SEED,
                Gang.EMBEDDING_DIMENSION,
                0,
                DIMENSION,
                shape,
                "adam",
                "adam",
                "",
                List.of()));
    return Checkpoint.open(conf, target);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "64-12", "7"})
  void trainingGoesOnFromACheckpoint(String text) throws Exception {
    SubModelShape shape = shape(text);
    int code = shape.codeDimension(DIMENSION);
    Checkpoint checkpoint = checkpoint(shape);
    assertThat(checkpoint.manifest().subModel()).isEqualTo(shape);
    checkpoint.verifyDigests();
    assertThat(Files.exists(directory.resolve("checkpoint/sub_model")))
        .as("there are files of networks only where there are networks")
        .isEqualTo(shape.compresses());
    List<Double> whole;
    try (Gang gang = gang(shape, server -> {})) {
      whole = train(gang, code, 0, 2 * STEPS);
    }
    try (Gang gang = gang(shape, server -> server.restore(checkpoint, ProgressListener.NONE))) {
      assertThat(train(gang, code, STEPS, 2 * STEPS)).isEqualTo(whole.subList(STEPS, 2 * STEPS));
    }
    try (Gang gang =
        gang(
            shape,
            server -> server.warmStart(checkpoint, WarmStartMode.PARTIAL, ProgressListener.NONE))) {
      assertThat(train(gang, code, 0, STEPS).get(0)).isLessThan(whole.get(0));
    }
  }

  @ParameterizedTest
  @CsvSource({"none, 64-12", "64-12, none", "64-12, 256-64-12", "32-12, 64-12"})
  void anotherShapeIsRefused(String there, String here) throws Exception {
    Checkpoint checkpoint = checkpoint(shape(there));
    List<Consumer<AmsServer>> beginnings =
        List.of(
            server -> server.restore(checkpoint, ProgressListener.NONE),
            server -> server.warmStart(checkpoint, WarmStartMode.FULL, ProgressListener.NONE),
            server -> server.warmStart(checkpoint, WarmStartMode.PARTIAL, ProgressListener.NONE));
    for (Consumer<AmsServer> beginning : beginnings) {
      assertThatThrownBy(() -> gang(shape(here), beginning).close())
          .isInstanceOfSatisfying(
              DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
          .hasMessage(
              "Cannot restore the checkpoint: its sub-model is %s, here it is %s (dicm.model.sub-model=%s). Set dicm.model.sub-model=%s to go on from it."
                  .formatted(there, here, here, there));
    }
  }

  @Test
  void aManifestThatNamesNoShapeHasTheUsualOne() throws Exception {
    Path file = new Path(directory.resolve("checkpoint.json").toUri());
    Files.writeString(
        directory.resolve("checkpoint.json"),
        """
        {"formatVersion": 2, "steps": 3, "seed": 1, "embeddingDimension": 4, "inputDimension": 8,
         "networkOptimizer": "adam", "idOptimizer": "adam", "parts": []}
        """);
    CheckpointManifest manifest =
        new JsonFiles(conf).read(file, CheckpointManifest.class, ErrorCode.STORE_CORRUPT);
    assertThat(manifest.subModel()).isEqualTo(SubModelShape.USUAL);
  }

  /** Half precision in memory is what training sees, and what the model has. */
  @Test
  void vectorsInHalfPrecisionAreServedAsTheyAreHeld() throws Exception {
    try (FeatureShard shard =
        FeatureShard.load(
            snapshot, 0, 1, VectorPrecision.FLOAT16, 1 << 20, 1, ProgressListener.NONE)) {
      float[] held = new float[DIMENSION];
      int row = shard.rowsOf(new long[] {InMemorySnapshot.key(3)})[0];
      try (PointerScope scope = new PointerScope()) {
        shard.rows(row, 1).data_ptr_float().get(held);
      }
      AmsServerOptions half =
          AmsServerOptions.of(0, 1, 1)
              .embeddingDimension(Gang.EMBEDDING_DIMENSION)
              .subModel(SubModelChoice.of(SubModelShape.NONE))
              .vectorPrecision(VectorPrecision.FLOAT16)
              .epoch(Gang.EPOCH)
              .build();
      try (Gang gang = new Gang(snapshot, 1, index -> half, server -> {});
          GrpcAmsClient client = gang.client(0)) {
        client.join(ToyWorker.initialDense(DIMENSION));
        long[] keys = {InMemorySnapshot.key(3)};
        assertThat(client.forward(new StepRequest(0, keys, keys, new long[0])).behaviorCodes())
            .isEqualTo(held);
      }
    }
  }
}
