package io.dicm.trainer.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.checkpoint.CheckpointCommitter;
import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.ams.checkpoint.CheckpointPartWriter;
import io.dicm.ams.client.AmsClient;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.server.OptimizerOptions;
import io.dicm.ams.shard.ImageControl;
import io.dicm.ams.shard.VectorScaling;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.MemorySnapshot;
import io.dicm.trainer.TrainingGang;
import io.dicm.trainer.TrainingVariant;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.Aggregations;
import io.dicm.trainer.model.AggregatorKind;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.ModelDescription;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.model.StepOutcome;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import io.dicm.trainer.train.Batch;
import io.dicm.trainer.train.BatchAssembler;
import io.dicm.trainer.train.ListSource;
import io.dicm.trainer.train.RandomSamples;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestCheckpointModel {
  private static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          List.of(
              new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false),
              new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true),
              new FeatureField("category", FeatureSide.ITEM, FeatureKind.IDS, false, false)),
          "test");

  private static final int DIMENSION = 4;
  private static final int SEED = 4;
  private static final int STEPS = 3;
  private static final int VECTOR_DIMENSION = 16;
  private static final long MEMORY_BYTES = 1 << 20;

  private final Configuration conf = new Configuration(false);

  /** Seven of the eight images of the samples. */
  private final MemorySnapshot pictures =
      MemorySnapshot.random(
          IntStream.rangeClosed(1, 7).mapToObj(i -> "image" + i).toList(), VECTOR_DIMENSION, 2);

  private static final SubModelShape USUAL = SubModelShape.USUAL;

  @TempDir private java.nio.file.Path directory;

  private Aggregation aggregation = Aggregation.USUAL;

  @ParameterizedTest
  @CsvSource({
    "JOINT, ZERO, false, 256-64-12",
    "JOINT, LEARNED, true, 256-64-12",
    "NONE, ZERO, false, 256-64-12",
    "JOINT, LEARNED, false, 64-12",
    "JOINT, ZERO, true, 5",
    "JOINT, ZERO, false, none",
    "BEHAVIOR, ZERO, true, none",
    "NONE, ZERO, false, none"
  })
  void scoresAsTheServersWouldHaveAtItsStep(
      ImageMode images, MissingImages missing, boolean shared, String text) throws Exception {
    SubModelShape subModel = SubModelShape.parse(text).orElseThrow();
    List<Sample> scored = new RandomSamples(shape(images, USUAL), 99).list(20);
    float[] expected = trainAndScore(images, missing, shared, subModel, scored);

    CheckpointModel checkpoint = open();
    assertThat(checkpoint.hasMissingCode()).isEqualTo(missing == MissingImages.LEARNED);
    Model model =
        checkpoint.model(
            description(images, missing, subModel, SEED),
            VectorScaling.of(pictures),
            pictures,
            WantedImages.of(new ListSource(scored)),
            ComputeCrew.alone(),
            MEMORY_BYTES);

    float[] found = model.predict(model.assembler().assemble(scored));
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-6f));
    }
    assertThat(model.idCount()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"256-64-12", "none"})
  void scoresByVectorsWhereTheNetworkComparesThem(String subModel) throws Exception {
    aggregation = Aggregations.small(AggregatorKind.MULTI_QUERY_SIMTIER);
    scoresAsTheServersWouldHaveAtItsStep(ImageMode.JOINT, MissingImages.ZERO, false, subModel);
  }

  @Test
  void onlyWantedImagesGetCodes() throws Exception {
    List<Sample> scored = new RandomSamples(shape(ImageMode.JOINT, USUAL), 99).list(20);
    trainAndScore(ImageMode.JOINT, MissingImages.ZERO, false, USUAL, scored);

    Model model =
        open()
            .model(
                description(ImageMode.JOINT, MissingImages.ZERO, USUAL, SEED),
                VectorScaling.of(pictures),
                pictures,
                image -> image == scored.get(0).impressions().get(0).imageKey(),
                ComputeCrew.alone(),
                MEMORY_BYTES);

    assertThat(model.imageCount()).isLessThanOrEqualTo(1);
  }

  @Test
  void otherSettingsAreRefused() throws Exception {
    trainAndScore(
        ImageMode.NONE,
        MissingImages.ZERO,
        false,
        USUAL,
        new RandomSamples(shape(ImageMode.NONE, USUAL), 99).list(2));

    assertThatThrownBy(
            () ->
                open()
                    .model(
                        description(ImageMode.NONE, MissingImages.ZERO, USUAL, 5),
                        VectorScaling.of(pictures),
                        pictures,
                        image -> true,
                        ComputeCrew.alone(),
                        MEMORY_BYTES))
        .hasMessageContaining("its seed is 4, here it is 5")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.SCHEMA_MISMATCH);
    assertThatThrownBy(
            () ->
                open()
                    .model(
                        description(ImageMode.NONE, MissingImages.ZERO, SubModelShape.SHORT, SEED),
                        VectorScaling.of(pictures),
                        pictures,
                        image -> true,
                        ComputeCrew.alone(),
                        MEMORY_BYTES))
        .hasMessageContaining("its sub-model is 256-64-12, here it is 64-12");
  }

  private CheckpointModel open() throws Exception {
    assertThat(CheckpointModel.isCheckpoint(conf, path("checkpoint"))).isTrue();
    assertThat(CheckpointModel.isCheckpoint(conf, path("other"))).isFalse();
    return CheckpointModel.open(conf, path("checkpoint"), OptimizerOptions.adam(0.01f));
  }

  /** Leaves a checkpoint of the last step and gives what the servers then say. */
  private float[] trainAndScore(
      ImageMode images,
      MissingImages missing,
      boolean shared,
      SubModelShape subModel,
      List<Sample> scored)
      throws Exception {
    Path staging = path("_staging");
    TrainingGang.Plan plan =
        new TrainingGang.Plan(SCHEMA, images, DIMENSION, 2, 1, 8, 2, 0.01, SEED)
            .with(
                TrainingVariant.USUAL.with(missing).with(shared).with(subModel).with(aggregation));
    float[] scores;
    try (TrainingGang gang =
        new TrainingGang(
            plan,
            pictures,
            server ->
                server.checkpointEvery(
                    STEPS, taken -> new CheckpointPartWriter(conf).write(taken, staging)))) {
      AmsClient client = gang.client(0);
      client.join(gang.network().initialDense(1));
      for (int step = 0; step < STEPS; step++) {
        train(gang, client, step);
      }
      Batch batch = new BatchAssembler(gang.network().shape()).assemble(scored);
      scores = gang.network().predict(batch.indices(), client.forward(batch.request(STEPS)));
      gang.awaitCheckpoints();
    }
    new CheckpointCommitter(conf)
        .commit(
            staging,
            path("checkpoint"),
            2,
            new CheckpointManifest(
                CheckpointManifest.FORMAT_VERSION,
                STEPS,
                SEED,
                DIMENSION,
                0,
                VECTOR_DIMENSION,
                subModel,
                "adam",
                "adam",
                "",
                List.of()));
    return scores;
  }

  private static void train(TrainingGang gang, AmsClient client, int step) {
    NetworkShape shape = gang.network().shape();
    Batch batch = new BatchAssembler(shape).assemble(new RandomSamples(shape, step).list(10));
    StepInputs inputs = client.forward(batch.request(step));
    StepOutcome outcome = gang.network().train(batch.indices(), batch.labels(), inputs);
    client.backward(
        new StepGradients(
            step,
            batch.impressions(),
            outcome.adCodes(),
            outcome.behaviorCodes(),
            outcome.idEmbeddings(),
            outcome.dense()));
  }

  private ModelDescription description(
      ImageMode images, MissingImages missing, SubModelShape subModel, long seed) {
    return ModelDescription.of(
        SCHEMA,
        new io.dicm.trainer.model.DicmNetwork(shape(images, subModel)),
        subModel,
        "memory",
        true,
        new ModelDescription.Training(
            seed,
            0,
            STEPS,
            8,
            1,
            0.01,
            null,
            "adam",
            null,
            missing,
            1.0,
            ImageControl.NONE,
            0,
            null));
  }

  private NetworkShape shape(ImageMode images, SubModelShape subModel) {
    return NetworkShape.of(SCHEMA.fields(), DIMENSION, images, aggregation)
        .withCodes(subModel.codeDimension(VECTOR_DIMENSION));
  }

  private Path path(String name) {
    return new Path(directory.resolve(name).toUri());
  }
}
