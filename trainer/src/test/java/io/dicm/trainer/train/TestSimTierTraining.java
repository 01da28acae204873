package io.dicm.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.client.AmsClient;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.server.ServerStatistics;
import io.dicm.ams.server.TrafficClass;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.shard.VectorScaling;
import io.dicm.ams.strategy.StorageStrategy;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.MemorySnapshot;
import io.dicm.trainer.TrainingGang;
import io.dicm.trainer.TrainingVariant;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.AggregatorKind;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.model.StepOutcome;
import io.dicm.trainer.predict.Model;
import io.dicm.trainer.predict.PictureVectors;
import io.dicm.trainer.predict.WantedImages;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Users click what looks like what they clicked before. Pictures are of some kinds, and those that
 * the model is tested with were never in a sample of training: only vectors tell.
 */
class TestSimTierTraining {
  private static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          List.of(
              new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false),
              new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true)),
          "test");

  private static final int KINDS = 5;
  private static final int PICTURES = 20;
  private static final int TRAINED_PICTURES = 14;
  private static final int DIMENSION = 24;
  private static final int STEPS = 40;
  private static final int SAMPLES_A_STEP = 40;

  private final Configuration conf = new Configuration(false);
  private final MemorySnapshot pictures = pictures();

  @TempDir private java.nio.file.Path directory;

  private static String imageId(int kind, int number) {
    return "image-" + kind + "-" + number;
  }

  /** Each kind's vectors lie around a point of its own; its last picture has none. */
  private static MemorySnapshot pictures() {
    Random random = new Random(6);
    Map<String, float[]> vectors = new LinkedHashMap<>();
    for (int kind = 0; kind < KINDS; kind++) {
      double[] center = random.doubles(DIMENSION, -1, 1).toArray();
      for (int number = 0; number < PICTURES - 1; number++) {
        float[] vector = new float[DIMENSION];
        for (int d = 0; d < DIMENSION; d++) {
          vector[d] = (float) (center[d] + 0.5 * random.nextGaussian());
        }
        vectors.put(imageId(kind, number), vector);
      }
    }
    return new MemorySnapshot(DIMENSION, vectors);
  }

  /** Samples of pictures with numbers from a range. */
  private static List<Sample> samples(int count, int from, int to, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int kind = random.nextInt(KINDS);
      int other = (kind + 1 + random.nextInt(KINDS - 1)) % KINDS;
      List<String> clicked = new ArrayList<>();
      for (int behaviors = 2 + random.nextInt(5); behaviors > 0; behaviors--) {
        clicked.add(imageId(kind, random.nextInt(from, to)));
      }
      samples.add(
          new Sample(
              "user",
              0,
              new long[][] {{Fingerprints.idKey("user_id", "user" + seed + "/" + i)}},
              new Behaviors(images(clicked), new long[][] {items(clicked)}),
              List.of(
                  impression(imageId(kind, random.nextInt(from, to)), 1),
                  impression(imageId(other, random.nextInt(from, to)), 0))));
    }
    return samples;
  }

  private static long[] images(List<String> imageIds) {
    return imageIds.stream().mapToLong(Fingerprints::imageKey).toArray();
  }

  private static long[] items(List<String> imageIds) {
    return imageIds.stream().mapToLong(id -> Fingerprints.idKey("item_id", id)).toArray();
  }

  private static Impression impression(String imageId, int label) {
    return new Impression(
        imageId,
        imageId,
        "",
        label,
        Fingerprints.imageKey(imageId),
        new long[][] {items(List.of(imageId))},
        new long[0][]);
  }

  private static List<Sample> unseen() {
    return samples(120, TRAINED_PICTURES, PICTURES, 1_000);
  }

  private TrainingGang gang(
      ImageMode images, Aggregation aggregation, int servers, VectorPrecision precision) {
    return gang(images, servers, TrainingVariant.USUAL.with(aggregation).with(precision));
  }

  private TrainingGang gang(ImageMode images, int servers, TrainingVariant variant) {
    return new TrainingGang(
        new TrainingGang.Plan(SCHEMA, images, 4, servers, 1, 80, 1, 0.02, 3).with(variant),
        pictures);
  }

  /** Trains, and leaves the servers ready for one more step. */
  private static void train(TrainingGang gang) {
    AmsClient client = gang.client(0);
    client.join(gang.network().initialDense(3));
    BatchAssembler assembler = new BatchAssembler(gang.network().shape());
    for (int step = 0; step < STEPS; step++) {
      Batch batch = assembler.assemble(samples(SAMPLES_A_STEP, 0, TRAINED_PICTURES, step));
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
  }

  private static float[] scores(TrainingGang gang, Batch batch) {
    return gang.network().predict(batch.indices(), gang.client(0).forward(batch.request(STEPS)));
  }

  private static Batch unseenBatch(TrainingGang gang) {
    return new BatchAssembler(gang.network().shape()).assemble(unseen());
  }

  /** The share of pairs of a click and none in which the click has the higher score. */
  private static double auc(float[] scores, long[] labels) {
    double right = 0;
    long pairs = 0;
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < scores.length; j++) {
        if (labels[i] == 1 && labels[j] == 0) {
          right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
          pairs++;
        }
      }
    }
    return right / pairs;
  }

  private static long bytes(TrainingGang gang, TrafficClass traffic) {
    return gang.statistics().stream()
        .map(ServerStatistics::bytesByClass)
        .mapToLong(bytes -> bytes.get(traffic))
        .sum();
  }

  @ParameterizedTest
  @CsvSource({
    "SIMTIER, BEHAVIOR, 1, FLOAT32, 1000000",
    "SIMTIER, JOINT, 3, FLOAT16, 0",
    "MULTI_QUERY_SIMTIER, JOINT, 2, FLOAT32, 2000"
  })
  void learnsWhatLooksAlikeAndItsModelScoresTheSame(
      AggregatorKind kind, ImageMode images, int servers, VectorPrecision precision, long memory)
      throws Exception {
    Aggregation aggregation = new Aggregation(kind, 0, 8);
    Path path = new Path(directory.resolve("model").toUri());
    float[] expected;
    try (TrainingGang gang = gang(images, aggregation, servers, precision)) {
      train(gang);
      Batch batch = unseenBatch(gang);
      expected = scores(gang, batch);
      assertThat(auc(expected, batch.labels())).isGreaterThan(0.9);
      assertThat(bytes(gang, TrafficClass.IMAGE_TIERS)).isPositive();
      assertThat(bytes(gang, TrafficClass.IMAGE_VECTORS) > 0).isEqualTo(servers > 1);
      assertThat(bytes(gang, TrafficClass.IMAGE_CODES) > 0)
          .isEqualTo(kind.poolsCodes() || images.concatenatesAd());
      gang.publish(
          conf, path, new TrainingResult(STEPS, 0, 0, new TrainingCurve(0, List.of(), List.of())));
    }
    Model model = Model.load(conf, path, SCHEMA);
    assertThat(model.needsVectors()).isTrue();
    assertThat(model.description().aggregation()).isEqualTo(aggregation);
    assertThat(model.description().training().vectorPrecision()).isEqualTo(precision);
    Batch batch = model.assembler().assemble(unseen());
    PictureVectors vectors =
        PictureVectors.copy(
            pictures,
            WantedImages.of(new ListSource(unseen())),
            Model.scaling(conf, path),
            precision,
            memory);
    try (Model scoring = model.with(vectors)) {
      assertThat(vectors.size()).isEqualTo(KINDS * (PICTURES - 1 - TRAINED_PICTURES));
      assertThat(scoring.predict(batch)).containsExactly(expected, within(1e-6f));
    }
    assertThatThrownBy(() -> model.predict(batch))
        .hasMessage(
            "Cannot score with %s: the pictures' vectors were not loaded.".formatted(aggregation));
  }

  /** What the others learn of the IDs is of no use: the test's items are new. */
  @Test
  void withoutVectorsThereIsNothingToLearn() {
    try (TrainingGang gang = gang(ImageMode.NONE, Aggregation.USUAL, 1, VectorPrecision.FLOAT32)) {
      train(gang);
      Batch batch = unseenBatch(gang);
      assertThat(auc(scores(gang, batch), batch.labels())).isBetween(0.35, 0.65);
    }
  }

  @Test
  void vectorsOfAnotherLengthAreRefused() {
    MemorySnapshot other = MemorySnapshot.random(List.of("image"), DIMENSION + 1, 1);
    VectorScaling scaling = VectorScaling.of(pictures);
    assertThatThrownBy(
            () -> PictureVectors.copy(other, key -> true, scaling, VectorPrecision.FLOAT32, 1000))
        .hasMessage(
            "Cannot use the vectors of memory: they have 25 values, those that the model was"
                + " trained with had 24.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.SCHEMA_MISMATCH);
  }

  @ParameterizedTest
  @CsvSource({"STORE_IN_SERVER", "STORE_IN_WORKER"})
  void workersWithTheSubModelRefuse(StorageStrategy strategy) {
    TrainingVariant variant =
        TrainingVariant.USUAL.with(strategy).with(new Aggregation(AggregatorKind.SIMTIER, 0, 8));
    try (TrainingGang gang = gang(ImageMode.JOINT, 1, variant)) {
      gang.client(0).join(gang.network().initialDense(3));
      Batch batch = unseenBatch(gang);
      assertThatThrownBy(() -> gang.client(0).forward(batch.request(0)))
          .hasMessageStartingWith("Cannot count tier histograms where workers run the sub-model")
          .extracting(e -> ((DicmException) e).code())
          .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
    }
  }

  @Test
  void aBatchAsksForHistogramsAndForNoCodesThatItHasNoUseFor() {
    Aggregation aggregation = new Aggregation(AggregatorKind.SIMTIER, 0, 8);
    NetworkShape shape = NetworkShape.of(SCHEMA.fields(), 4, ImageMode.BEHAVIOR, aggregation);
    Batch batch = new BatchAssembler(shape).assemble(unseen());
    assertThat(batch.adImageKeys()).isEmpty();
    assertThat(batch.behaviorImageKeys()).isEmpty();
    assertThat(batch.tiers().impressions()).isEqualTo(batch.impressions());
    assertThat(batch.tiers().behaviors())
        .hasSize(unseen().stream().mapToInt(one -> one.behaviors().imageKeys().length).sum());
    assertThat(batch.tiers().adImageKeys()).doesNotHaveDuplicates();
  }
}
