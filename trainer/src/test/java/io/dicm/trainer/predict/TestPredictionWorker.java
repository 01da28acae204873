package io.dicm.trainer.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.client.AmsClient;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.shard.ImageControl;
import io.dicm.ams.shard.VectorControl;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.MemorySnapshot;
import io.dicm.trainer.TrainingGang;
import io.dicm.trainer.TrainingVariant;
import io.dicm.trainer.evaluate.Prediction;
import io.dicm.trainer.evaluate.PredictionOrder;
import io.dicm.trainer.evaluate.PredictionRows;
import io.dicm.trainer.evaluate.SliceKeys;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.Aggregations;
import io.dicm.trainer.model.AggregatorKind;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.ModelDescription;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.model.StepOutcome;
import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.ItemCounts;
import io.dicm.trainer.sample.ItemStatistics;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import io.dicm.trainer.train.Batch;
import io.dicm.trainer.train.BatchAssembler;
import io.dicm.trainer.train.EpochSource;
import io.dicm.trainer.train.ListSource;
import io.dicm.trainer.train.RandomSamples;
import io.dicm.trainer.train.TrainingCurve;
import io.dicm.trainer.train.TrainingResult;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestPredictionWorker {
  private static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          List.of(
              new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false),
              new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true),
              new FeatureField("category", FeatureSide.ITEM, FeatureKind.IDS, false, false)),
          "test");

  private static final long SEED = 4;

  private final Configuration conf = new Configuration(false);

  @TempDir java.nio.file.Path directory;

  /**
   * The model directory scores as the servers themselves would at the end of the training; half of
   * the scored IDs and one picture were never seen.
   */
  @ParameterizedTest
  @EnumSource(ImageMode.class)
  void theModelDirectoryScoresAsTheServersWould(ImageMode images) throws Exception {
    assertScoresAsTheServersWould(images, MissingImages.ZERO);
  }

  @ParameterizedTest
  @EnumSource(AggregatorKind.class)
  void soDoesOneThatPoolsOtherwise(AggregatorKind kind) throws Exception {
    Aggregation aggregation = Aggregations.small(kind);
    TrainingVariant variant = TrainingVariant.USUAL.with(aggregation);
    Model loaded = assertScoresAsTheServersWould(ImageMode.JOINT, variant);
    assertThat(loaded.description().aggregation()).isEqualTo(aggregation);
    assertThat(loaded.description().training().imageControl()).isEqualTo(ImageControl.NONE);
  }

  /**
   * Rows with weights, behaviours one by one, running statistics: all of it is in the directory.
   */
  @ParameterizedTest
  @EnumSource(IdNetworkKind.class)
  void soDoesOneOfEveryNetwork(IdNetworkKind kind) throws Exception {
    TrainingVariant variant =
        TrainingVariant.USUAL.with(TrainingGang.NetworkPlan.of(kind)).with(Aggregation.usual(kind));
    assertScoresAsTheServersWould(ImageMode.JOINT, variant);
    Model loaded = assertScoresAsTheServersWould(ImageMode.NONE, variant);
    assertThat(loaded.description().networkOptions()).isEqualTo(NetworkOptions.usual(kind));
  }

  /** Codes of whole vectors, of one layer, and one for both kinds of images. */
  @ParameterizedTest
  @CsvSource({
    "none, JOINT, false",
    "none, AD, false",
    "none, BEHAVIOR, true",
    "64-12, JOINT, false",
    "7, JOINT, true",
    "9-8-7-5, JOINT, false"
  })
  void soDoesOneWithAnotherSubModel(String text, ImageMode images, boolean shared)
      throws Exception {
    SubModelShape shape = SubModelShape.parse(text).orElseThrow();
    TrainingVariant variant = TrainingVariant.USUAL.with(shape).with(shared);
    Model loaded = assertScoresAsTheServersWould(images, variant);
    assertThat(loaded.description().subModel()).isEqualTo(shape);
    assertThat(loaded.description().codeDimension()).isEqualTo(shape.codeDimension(16));
  }

  @ParameterizedTest
  @EnumSource(AggregatorKind.class)
  void everyAggregatorPoolsWholeVectors(AggregatorKind kind) throws Exception {
    Aggregation aggregation = Aggregations.small(kind);
    assertScoresAsTheServersWould(
        ImageMode.JOINT, TrainingVariant.USUAL.with(SubModelShape.NONE).with(aggregation));
  }

  @ParameterizedTest
  @ValueSource(strings = {"64-12", "7", "9-8-7-5"})
  void aLearnedCodeHasTheLengthOfOthers(String text) throws Exception {
    assertScoresAsTheServersWould(
        ImageMode.JOINT,
        TrainingVariant.USUAL
            .with(SubModelShape.parse(text).orElseThrow())
            .with(MissingImages.LEARNED));
  }

  @Test
  void soDoesOneWithTowers() throws Exception {
    TrainingVariant variant =
        TrainingVariant.USUAL
            .with(Aggregation.usual(IdNetworkKind.TWO_TOWERS))
            .with(TrainingGang.NetworkPlan.of(IdNetworkKind.TWO_TOWERS));
    Model loaded = assertScoresAsTheServersWould(ImageMode.JOINT, variant);
    assertThat(loaded.hasTowers()).isTrue();
    Batch batch =
        loaded.assembler().assemble(new RandomSamples(shape(ImageMode.JOINT), 99).list(20));
    assertThat(loaded.towers(batch).probabilities()).isEqualTo(loaded.predict(batch));
  }

  @Test
  void theModelSaysThatItIsAControl() throws Exception {
    TrainingVariant variant = TrainingVariant.USUAL.with(new VectorControl.Shuffled(SEED));
    Model loaded = assertScoresAsTheServersWould(ImageMode.JOINT, variant);
    assertThat(loaded.description().training().imageControl()).isEqualTo(ImageControl.SHUFFLED);
  }

  @Test
  void aMissingPictureHasTheLearnedCodeWhereTrainingHad() throws Exception {
    Model loaded = assertScoresAsTheServersWould(ImageMode.JOINT, MissingImages.LEARNED);
    assertThat(loaded.description().training().missingImages()).isEqualTo(MissingImages.LEARNED);
  }

  @Test
  void aMissingPictureIsAnErrorWhereItWasInTraining() throws Exception {
    ImageMode images = ImageMode.JOINT;
    Path path = path("model");
    try (TrainingGang gang = gang(images, TrainingVariant.USUAL.with(MissingImages.FAIL), 8)) {
      gang.publish(conf, path, trainWithoutLeaving(gang, images));
    }
    Model model = Model.load(conf, path, SCHEMA);
    List<Sample> known = new RandomSamples(shape(images), 99).list(5);
    assertThat(model.predict(model.assembler().assemble(known))).isNotEmpty();
    Sample one = known.get(0);
    Impression shown = one.impressions().get(0);
    Impression unknown =
        new Impression(
            "unknown", "item", "category", 0, 4711, shown.itemKeys(), shown.contextKeys());
    Sample sample =
        new Sample(
            "user",
            0,
            one.userKeys(),
            new Behaviors(new long[0], new long[shape(images).behaviorFields()][0]),
            List.of(unknown));
    Batch batch = model.assembler().assemble(List.of(sample));
    assertThatThrownBy(() -> model.predict(batch))
        .hasMessage(
            "Cannot score the samples: the feature store lacks 1 of the 1 images asked for, by"
                + " image_key [4711]. Extract all images, or train with dicm.train.missing-image"
                + " zero or learned.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
  }

  @Test
  void theModelSaysHowIdsWereTrained() throws Exception {
    ModelDescription.Training training =
        Model.load(conf, trainedModel(), SCHEMA).description().training();
    assertThat(training.idLearningRateRatio()).isEqualTo(1f);
    assertThat(training.idOptimizer()).isEqualTo("adam");
    assertThat(training.staleness()).isZero();
  }

  /** Model files of the versions before do not say what stood for missing pictures. */
  @Test
  void aModelThatDoesNotSayHadZeros() throws Exception {
    Path model = trainedModel();
    java.nio.file.Path file = directory.resolve("model/model.json");
    String json = Files.readString(file);
    String older = json;
    for (String name :
        List.of(
            "idLearningRateRatio",
            "idOptimizer",
            "staleness",
            "missingImages",
            "negativeKeepFraction",
            "imageControl",
            "vectorPrecision")) {
      String without = older.replaceFirst(",\\s*\"" + name + "\" : [^,\\s]+", "");
      assertThat(without).isNotEqualTo(older);
      older = without;
    }
    older = older.replaceFirst("\"aggregation\" : \\{[^}]+},\\s*", "");
    older = older.replaceFirst("\"subModel\" : \\{[^}]+},\\s*", "");
    assertThat(older).doesNotContain("subModel");
    assertThat(older).doesNotContain("aggregation").doesNotContain("imageControl");
    Files.delete(directory.resolve("model/.model.json.crc"));
    Files.writeString(file, older);
    ModelDescription description = Model.load(conf, model, SCHEMA).description();
    assertThat(description.aggregation()).isEqualTo(Aggregation.USUAL);
    assertThat(description.subModel()).isEqualTo(SubModelShape.USUAL);
    ModelDescription.Training training = description.training();
    assertThat(training.missingImages()).isEqualTo(MissingImages.ZERO);
    assertThat(training.imageControl()).isEqualTo(ImageControl.NONE);
    assertThat(training.idLearningRateRatio()).isNull();
    assertThat(training.idOptimizer()).isNull();
    assertThat(training.staleness()).isNull();
    assertThat(training.negativeKeepFraction()).isEqualTo(1);
  }

  /** Model files of the versions before have no tiers. */
  @Test
  void anAggregationWithoutTiersHasNone() throws Exception {
    Path model = trainedModel();
    java.nio.file.Path file = directory.resolve("model/model.json");
    String json = Files.readString(file);
    String older = json.replaceFirst(",\\s*\"tiers\" : 0", "");
    assertThat(older).isNotEqualTo(json);
    Files.delete(directory.resolve("model/.model.json.crc"));
    Files.writeString(file, older);
    assertThat(Model.load(conf, model, SCHEMA).description().aggregation())
        .isEqualTo(Aggregation.USUAL);
  }

  private Model assertScoresAsTheServersWould(ImageMode images, MissingImages missingImages)
      throws Exception {
    return assertScoresAsTheServersWould(images, TrainingVariant.USUAL.with(missingImages));
  }

  private Model assertScoresAsTheServersWould(ImageMode images, TrainingVariant variant)
      throws Exception {
    List<Sample> scored = new RandomSamples(shape(images), 99).list(20);
    Path model = path("model");
    float[] expected;
    try (TrainingGang gang = gang(images, variant, 7)) {
      TrainingResult result = trainWithoutLeaving(gang, images);
      gang.publish(conf, model, result);
      Batch batch = new BatchAssembler(gang.network().shape()).assemble(scored);
      expected =
          gang.network()
              .predict(batch.indices(), gang.client(0).forward(batch.request(result.steps())));
    }
    Model loaded = Model.load(conf, model, SCHEMA);
    if (loaded.needsVectors()) {
      loaded =
          loaded.with(
              PictureVectors.copy(
                  pictures(7),
                  WantedImages.of(new ListSource(scored)),
                  Model.scaling(conf, model),
                  loaded.description().training().vectorPrecision(),
                  1 << 20));
    }
    Batch batch = loaded.assembler().assemble(scored);
    float[] found = loaded.predict(batch);
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-6f));
    }
    assertThat(loaded.idCount()).isPositive();
    assertThat(loaded.imageCount()).isEqualTo(images == ImageMode.NONE ? 0 : 7);
    assertThat(loaded.description().images()).isEqualTo(images);
    assertThat(loaded.description().training().steps()).isEqualTo(3);
    return loaded;
  }

  @Test
  void twoPredictorsWriteEveryImpressionOnce() throws Exception {
    Path model = trainedModel();
    List<Sample> samples = new RandomSamples(shape(ImageMode.JOINT), 50).list(30);
    Path out = path("predictions");
    String shown = samples.get(0).impressions().get(0).itemId();
    ItemCounts counts = new ItemCounts(3, 1, 4, samples.get(0).timestampSeconds() - 100_000);
    long rows = 0;
    for (int worker = 0; worker < 2; worker++) {
      PredictionOptions options = new PredictionOptions(worker, 2, 7, 1, 0);
      List<Sample> share = samples.subList(15 * worker, 15 * (worker + 1));
      rows +=
          new PredictionWorker(
                  conf,
                  options,
                  Model.load(conf, model, SCHEMA),
                  new PredictionRowMaker(ItemStatistics.of(Map.of(shown, counts)), image -> false),
                  ProgressListener.NONE)
              .run(new ListSource(share), out);
    }
    List<Prediction> found = new ArrayList<>();
    found.addAll(PredictionRows.read(conf, new Path(out, "part-00000.parquet")));
    found.addAll(PredictionRows.read(conf, new Path(out, "part-00001.parquet")));
    assertThat(found).hasSize((int) rows);
    List<Impression> expected =
        samples.stream().flatMap(sample -> sample.impressions().stream()).toList();
    Map<String, Integer> labels =
        expected.stream().collect(Collectors.toMap(Impression::impressionId, Impression::label));
    assertThat(labels).hasSize((int) rows);
    assertThat(
            found.stream().collect(Collectors.toMap(Prediction::impressionId, Prediction::label)))
        .isEqualTo(labels);
    assertThat(PredictionRows.read(conf, new Path(out, "part-00000.parquet")))
        .isSortedAccordingTo(new PredictionOrder());
    assertThat(found).allSatisfy(row -> assertThat(row.probability()).isBetween(0.01, 0.99));
    String firstShown = samples.get(0).impressions().get(0).impressionId();
    assertThat(
            found.stream()
                .filter(row -> row.impressionId().equals(firstShown))
                .map(Prediction::sliceKeys))
        .containsExactly(new SliceKeys(4, 1, samples.get(0).behaviors().imageKeys().length, false));
  }

  @Test
  void refusesAModelThatIsNotComplete() {
    assertThatThrownBy(() -> Model.load(conf, path("nothing"), SCHEMA))
        .hasMessageContaining("nothing: it has no _SUCCESS. Train it first.");
  }

  @Test
  void refusesAModelOfOtherFeatures() throws Exception {
    Path model = trainedModel();
    FeatureSchema other = FeatureSchema.of(SCHEMA.fields().subList(0, 2), "test");
    assertThatThrownBy(() -> Model.load(conf, model, other))
        .hasMessageContaining("it was trained with features of digest " + SCHEMA.digest())
        .hasMessageContaining("features.json now has " + other.digest());
  }

  private Path trainedModel() throws Exception {
    Path model = path("model");
    try (TrainingGang gang = gang(ImageMode.JOINT)) {
      TrainingResult result =
          gang.train((worker, workers) -> trainingSamples(ImageMode.JOINT)).get(0);
      gang.publish(conf, model, result);
    }
    return model;
  }

  private static EpochSource trainingSamples(ImageMode images) {
    return epoch -> new ListSource(new RandomSamples(shape(images), epoch).list(12));
  }

  /** Three steps; the servers stay ready for one more. */
  private static TrainingResult trainWithoutLeaving(TrainingGang gang, ImageMode images) {
    AmsClient client = gang.client(0);
    client.join(gang.network().initialDense(1));
    for (int step = 0; step < 3; step++) {
      Batch batch =
          new BatchAssembler(gang.network().shape())
              .assemble(new RandomSamples(shape(images), step).list(10));
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
    return new TrainingResult(3, 0, 0, new TrainingCurve(0, List.of(), List.of()));
  }

  private static TrainingGang gang(ImageMode images) {
    return gang(images, TrainingVariant.USUAL, 7);
  }

  /** Samples have eight images. */
  private static TrainingGang gang(ImageMode images, TrainingVariant variant, int imagesInStore) {
    return new TrainingGang(
        new TrainingGang.Plan(SCHEMA, images, 4, 2, 1, 8, 2, 0.01, SEED).with(variant),
        pictures(imagesInStore));
  }

  private static MemorySnapshot pictures(int count) {
    return MemorySnapshot.random(
        IntStream.rangeClosed(1, count).mapToObj(i -> "image" + i).toList(), 16, 2);
  }

  private static NetworkShape shape(ImageMode images) {
    return NetworkShape.of(SCHEMA.fields(), 4, images);
  }

  private Path path(String name) {
    return new Path(directory.resolve(name).toUri());
  }
}
