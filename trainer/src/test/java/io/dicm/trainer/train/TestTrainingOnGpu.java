package io.dicm.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.CheckpointCommitter;
import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.ams.checkpoint.CheckpointPartWriter;
import io.dicm.ams.server.AmsServer;
import io.dicm.ams.shard.VectorControl;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.ams.window.Staleness;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.Gpus;
import io.dicm.feature.device.StandInGpu;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.trainer.MemorySnapshot;
import io.dicm.trainer.TrainingGang;
import io.dicm.trainer.TrainingGang.NetworkPlan;
import io.dicm.trainer.TrainingVariant;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.AggregatorKind;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.predict.Model;
import io.dicm.trainer.predict.PictureVectors;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole trainings on a GPU, servers and workers, beside the same on the processor. */
class TestTrainingOnGpu {
  private static final Configuration CONF = new Configuration(false);
  private static final int EMBEDDING_DIMENSION = 4;
  private static final int VECTOR_DIMENSION = 16;
  private static final int SAMPLES = 24;
  private static final int BATCH_SIZE = 8;
  private static final int EPOCHS = 1;
  private static final long SEED = 1;

  /** So large that what a step leaves out is seen in the next ones' losses. */
  private static final double LEARNING_RATE = 0.01;

  private static final int CHECKPOINT_AT = 4;

  private static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          List.of(
              new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false),
              new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true),
              new FeatureField("category", FeatureSide.ITEM, FeatureKind.IDS, false, false)),
          "test");

  @TempDir private static java.nio.file.Path folder;

  private static ComputeDevice gpu;

  private final List<Sample> samples =
      new RandomSamples(
              NetworkShape.of(SCHEMA.fields(), EMBEDDING_DIMENSION, ImageMode.JOINT), SEED)
          .list(SAMPLES);

  @BeforeAll
  static void findGpu() {
    gpu = Gpus.firstOrStandIn(folder);
    Arithmetic.FLOAT32.useForProcess();
  }

  /**
   * What came of a training.
   *
   * @param losses of its steps
   * @param dense parameters
   * @param scores of the samples by the model that was written: by the sub-model's codes and the ID
   *     embeddings too
   */
  private record Outcome(List<Double> losses, float[] dense, float[] scores) {
    private void assertNear(Outcome expected, double difference) {
      assertThat(losses).hasSameSizeAs(expected.losses).hasSizeGreaterThanOrEqualTo(3);
      for (int i = 0; i < losses.size(); i++) {
        double loss = expected.losses.get(i);
        assertThat(losses.get(i)).as("loss %s", i).isCloseTo(loss, within(difference * loss));
      }
      assertThat(dense).containsExactly(expected.dense, within((float) difference));
      assertThat(scores).containsExactly(expected.scores, within((float) difference));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 0", "3, 2, 0", "2, 2, 1"})
  void serversAndWorkersAgreeWithTheProcessors(int servers, int workers, int staleness)
      throws Exception {
    TrainingVariant variant = TrainingVariant.USUAL.with(new Staleness(staleness));

    train(variant.on(gpu, Arithmetic.FLOAT32), servers, workers)
        .assertNear(train(variant, servers, workers), 1e-3);
  }

  @ParameterizedTest
  @EnumSource(AggregatorKind.class)
  void behavioursArePooledAsOnTheProcessor(AggregatorKind kind) throws Exception {
    assertAgrees(TrainingVariant.USUAL.with(Aggregation.usual(kind)), gpu);
  }

  @ParameterizedTest
  @EnumSource(IdNetworkKind.class)
  void everyNetworkTrainsAsOnTheProcessor(IdNetworkKind kind) throws Exception {
    assertAgrees(
        TrainingVariant.USUAL.with(NetworkPlan.of(kind)).with(Aggregation.usual(kind)), gpu);
  }

  @Test
  void vectorsThatDoNotFitStayOutside() throws Exception {
    assertAgrees(TrainingVariant.USUAL.with(VectorPrecision.FLOAT16), StandInGpu.device(folder, 0));
  }

  @Test
  void libtorchDoesWhatNoKernelDoes() throws Exception {
    ComputeDevice bare =
        StandInGpu.withoutKernels(
            () -> new DicmException(ErrorCode.NATIVE_LIBRARY_UNAVAILABLE, "No NVRTC here."));

    assertAgrees(TrainingVariant.USUAL, bare);
  }

  @Test
  void everyOtherWayToTrainPicturesAgreesToo() throws Exception {
    assertAgrees(TrainingVariant.USUAL.with(true).with(MissingImages.LEARNED), gpu);
    assertAgrees(TrainingVariant.USUAL.with(SubModelShape.parse("5").orElseThrow()), gpu);
    assertAgrees(TrainingVariant.USUAL.with(SubModelShape.parse("none").orElseThrow()), gpu);
    assertAgrees(TrainingVariant.USUAL.with(new VectorControl.Shuffled(3)), gpu);
    assertAgrees(TrainingVariant.USUAL.with(new NetworkPlan(NetworkOptions.USUAL, 1, 0)), gpu);
  }

  @Test
  void bfloat16IsTheProcessors() throws Exception {
    Outcome onGpu = train(TrainingVariant.USUAL.on(gpu, Arithmetic.BFLOAT16), 1, 1);

    onGpu.assertNear(
        train(TrainingVariant.USUAL.on(ComputeDevice.PROCESSOR, Arithmetic.BFLOAT16), 1, 1), 1e-3);
    assertThat(onGpu.losses).isNotEqualTo(train(TrainingVariant.USUAL, 1, 1).losses);
  }

  @Test
  void goesOnFromACheckpointToTheSameBits() throws Exception {
    Path staging = new Path(folder.resolve("_staging").toUri());
    Path checkpoint = new Path(folder.resolve("checkpoint").toUri());
    TrainingVariant variant = TrainingVariant.USUAL.on(gpu, Arithmetic.FLOAT32);
    Outcome undisturbed =
        train(
            variant,
            2,
            1,
            server ->
                server.checkpointEvery(
                    CHECKPOINT_AT, taken -> new CheckpointPartWriter(CONF).write(taken, staging)));
    new CheckpointCommitter(CONF)
        .commit(
            staging,
            checkpoint,
            2,
            new CheckpointManifest(
                CheckpointManifest.FORMAT_VERSION,
                CHECKPOINT_AT,
                SEED,
                EMBEDDING_DIMENSION,
                VECTOR_DIMENSION,
                "adam",
                "adam",
                List.of()));

    Checkpoint opened = Checkpoint.open(CONF, checkpoint);
    Outcome restored =
        train(variant, 2, 1, server -> server.restore(opened, ProgressListener.NONE));
    assertThat(restored.dense).isEqualTo(undisturbed.dense);
    assertThat(restored.scores).isEqualTo(undisturbed.scores);
    assertThat(restored.losses)
        .isNotEmpty()
        .isEqualTo(undisturbed.losses.subList(CHECKPOINT_AT, undisturbed.losses.size()));
  }

  private void assertAgrees(TrainingVariant variant, ComputeDevice device) throws Exception {
    train(variant.on(device, Arithmetic.FLOAT32), 1, 1).assertNear(train(variant, 1, 1), 1e-3);
  }

  private Outcome train(TrainingVariant variant, int servers, int workers) throws Exception {
    return train(variant, servers, workers, server -> {});
  }

  private Outcome train(
      TrainingVariant variant, int servers, int workers, Consumer<AmsServer> beforeStart)
      throws Exception {
    List<String> imageIds = IntStream.range(1, 9).mapToObj(i -> "image" + i).toList();
    TrainingGang.Plan plan =
        new TrainingGang.Plan(
                SCHEMA,
                ImageMode.JOINT,
                EMBEDDING_DIMENSION,
                servers,
                workers,
                BATCH_SIZE,
                EPOCHS,
                LEARNING_RATE,
                SEED)
            .with(variant);
    // The last image is missing from the store.
    MemorySnapshot pictures = MemorySnapshot.random(imageIds.subList(0, 7), VECTOR_DIMENSION, 2);
    try (TrainingGang gang = new TrainingGang(plan, pictures, beforeStart)) {
      List<TrainingResult> results =
          gang.train(
              (worker, count) ->
                  epoch ->
                      new ListSource(
                          samples.subList(
                              worker * SAMPLES / count, (worker + 1) * SAMPLES / count)));
      gang.awaitCheckpoints();
      List<Double> losses =
          results.get(0).curve().points().stream().map(TrainingCurve.Point::loss).toList();
      Path path = new Path(Files.createTempDirectory(folder, "models").resolve("model").toUri());
      gang.publish(CONF, path, results.get(0));
      return new Outcome(losses, gang.dense(), scores(path, pictures));
    }
  }

  private float[] scores(Path path, FeatureSnapshot pictures) throws IOException {
    try (Model model = model(path, pictures)) {
      return model.predict(model.assembler().assemble(samples));
    }
  }

  private static Model model(Path path, FeatureSnapshot pictures) throws IOException {
    Model model = Model.load(CONF, path, SCHEMA);
    return model.needsVectors()
        ? model.with(
            PictureVectors.copy(
                pictures,
                key -> true,
                Model.scaling(CONF, path),
                model.description().training().vectorPrecision(),
                Long.MAX_VALUE))
        : model;
  }
}
