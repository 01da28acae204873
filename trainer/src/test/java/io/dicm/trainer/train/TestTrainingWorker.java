package io.dicm.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.CheckpointCommitter;
import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.ams.checkpoint.CheckpointPartWriter;
import io.dicm.ams.client.AmsClient;
import io.dicm.ams.client.Answer;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.client.Welcome;
import io.dicm.ams.server.AmsServer;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.MemorySnapshot;
import io.dicm.trainer.TrainingGang;
import io.dicm.trainer.TrainingVariant;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.AggregatorKind;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestTrainingWorker {
  private static final Configuration CONF = new Configuration(false);
  private static final int EMBEDDING_DIMENSION = 4;
  private static final int VECTOR_DIMENSION = 16;
  private static final long SEED = 1;
  private static final int CHECKPOINT_AT = 4;

  private static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          List.of(
              new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false),
              new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true),
              new FeatureField("category", FeatureSide.ITEM, FeatureKind.IDS, false, false)),
          "test");

  @TempDir private java.nio.file.Path directory;

  /** Two workers with half the batch each do what one worker does, with one server or more. */
  @ParameterizedTest
  @CsvSource({"1, 2, 1", "1, 1, 2", "2, 2, 2", "1, 1, 3", "1, 4, 4"})
  void theLayoutDoesNotChangeTheModel(int servers, int workers, int moreServers) throws Exception {
    int batch = 8;
    List<Sample> samples = singles(RandomSamplesOf.schema(SCHEMA, 5), 6 * batch);
    float[] one = train(samples, servers, 1, batch);
    float[] other = train(samples, moreServers, workers, batch);
    assertThat(other).hasSameSizeAs(one);
    for (int i = 0; i < one.length; i++) {
      assertThat(other[i]).isCloseTo(one[i], within(1e-4f));
    }
  }

  @Test
  void theSameLayoutGivesTheSameBits() throws Exception {
    List<Sample> samples = singles(RandomSamplesOf.schema(SCHEMA, 6), 24);
    assertThat(train(samples, 2, 2, 8)).isEqualTo(train(samples, 2, 2, 8));
  }

  /** Worker 1 has half the samples, so half the steps: worker 0 goes on alone. */
  @Test
  void workersMayHaveDifferentNumbersOfSteps() throws Exception {
    List<Sample> samples = singles(RandomSamplesOf.schema(SCHEMA, 5), 30);
    try (TrainingGang gang = gang(ImageMode.JOINT, 2, 2, 10, 2)) {
      List<TrainingResult> results =
          gang.train(
              (worker, workers) ->
                  epoch -> new ListSource(worker == 0 ? samples : samples.subList(0, 15)));
      assertThat(results.get(0).steps()).isEqualTo(6);
      assertThat(results.get(0).impressions()).isEqualTo(60);
      assertThat(results.get(1).steps()).isEqualTo(4);
      assertThat(results.get(1).impressions()).isEqualTo(30);
      assertThat(gang.dense()).hasSize(gang.network().layout().length());
    }
  }

  /** Worker 1 has finished before the checkpoint, worker 0 has two steps to go. */
  @Test
  void goesOnFromACheckpointToTheSameBits() throws Exception {
    List<Sample> samples = singles(RandomSamplesOf.schema(SCHEMA, 5), 30);
    TrainingGang.Samples shares =
        (worker, workers) ->
            epoch -> new ListSource(worker == 0 ? samples : samples.subList(0, 15));
    Path staging = new Path(directory.resolve("_staging").toUri());
    Path checkpoint = new Path(directory.resolve("checkpoint").toUri());
    float[] undisturbed;
    try (TrainingGang gang =
        gang(
            ImageMode.JOINT,
            2,
            2,
            10,
            2,
            server ->
                server.checkpointEvery(
                    CHECKPOINT_AT,
                    taken -> new CheckpointPartWriter(CONF).write(taken, staging)))) {
      gang.train(shares);
      gang.awaitCheckpoints();
      undisturbed = gang.dense();
    }
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
    try (TrainingGang gang =
        gang(
            ImageMode.JOINT,
            2,
            2,
            10,
            2,
            server -> server.restore(opened, ProgressListener.NONE))) {
      List<TrainingResult> results = gang.train(shares);
      assertThat(results.get(0).steps()).isEqualTo(6);
      assertThat(results.get(0).impressions()).isEqualTo(20);
      assertThat(results.get(0).curve().points())
          .extracting(TrainingCurve.Point::step, TrainingCurve.Point::impressions)
          .containsExactly(tuple(5L, 50L), tuple(6L, 60L));
      assertThat(results.get(1).steps()).isEqualTo(4);
      assertThat(results.get(1).impressions()).isZero();
      assertThat(gang.dense()).isEqualTo(undisturbed);
    }
  }

  @Test
  void aWorkerWithoutSamplesLeavesAtOnce() throws Exception {
    List<Sample> samples = singles(RandomSamplesOf.schema(SCHEMA, 5), 20);
    try (TrainingGang gang = gang(ImageMode.NONE, 1, 2, 10, 1)) {
      List<TrainingResult> results =
          gang.train(
              (worker, workers) -> epoch -> new ListSource(worker == 0 ? samples : List.of()));
      assertThat(results.get(0).steps()).isEqualTo(2);
      assertThat(results.get(1).steps()).isZero();
      assertThat(results.get(1).finalLoss()).isNaN();
      assertThat(results.get(1).curve().points()).isEmpty();
    }
  }

  /**
   * Clicks depend on the picture alone: whoever sees pictures learns it, whoever does not cannot.
   */
  @ParameterizedTest
  @CsvSource({"AD, true", "JOINT, true", "NONE, false"})
  void learnsWhatIsPlantedInThePictures(ImageMode images, boolean learnable) throws Exception {
    PlantedClicks planted = new PlantedClicks(9);
    List<Sample> samples = planted.samples(600);
    TrainingGang.Plan plan = new TrainingGang.Plan(SCHEMA, images, 4, 1, 1, 50, 8, 0.01, 3);
    try (TrainingGang gang = new TrainingGang(plan, planted.snapshot())) {
      TrainingResult result =
          gang.train((worker, workers) -> epoch -> new ListSource(samples)).get(0);
      if (learnable) {
        assertThat(lastLoss(result)).isLessThan(0.25);
      } else {
        assertThat(lastLoss(result)).isGreaterThan(0.5);
      }
      assertThat(result.curve().points()).hasSize(96);
      assertThat(result.curve().points().get(95).epoch()).isEqualTo(7);
    }
  }

  /** Short vectors need fewer layers, or none: what is planted is learned all the same. */
  @ParameterizedTest
  @CsvSource({"none, MULTI_QUERY", "none, SUM", "64-12, MULTI_QUERY", "5, ATTENTIVE"})
  void learnsItWithOtherSubModelsToo(String subModel, AggregatorKind aggregator) throws Exception {
    PlantedClicks planted = new PlantedClicks(9);
    List<Sample> samples = planted.samples(600);
    TrainingGang.Plan plan =
        new TrainingGang.Plan(SCHEMA, ImageMode.JOINT, 4, 2, 1, 50, 8, 0.01, 3)
            .with(
                TrainingVariant.USUAL
                    .with(SubModelShape.parse(subModel).orElseThrow())
                    .with(new Aggregation(aggregator, 0)));
    try (TrainingGang gang = new TrainingGang(plan, planted.snapshot())) {
      TrainingResult result =
          gang.train((worker, workers) -> epoch -> new ListSource(samples)).get(0);
      assertThat(result.curve().points().get(0).loss()).isGreaterThan(0.5);
      assertThat(lastLoss(result)).isLessThan(0.25);
    }
  }

  /** What pictures say takes more passes to learn than IDs bear: the image path has its own. */
  @Test
  void theImagePathTrainsAloneBeforeTheModel() throws Exception {
    double plain = lossOfOneEpoch(0);
    double after = lossOfOneEpoch(7);

    assertThat(after).isLessThan(0.35);
    assertThat(plain).isGreaterThan(after + 0.15);
  }

  private static double lossOfOneEpoch(int imageEpochs) throws Exception {
    PlantedClicks planted = new PlantedClicks(9);
    List<Sample> samples = planted.samples(600);
    TrainingGang.Plan plan =
        new TrainingGang.Plan(SCHEMA, ImageMode.JOINT, 4, 1, 1, 50, 1, 0.01, 3)
            .with(
                TrainingVariant.USUAL.with(
                    new TrainingGang.NetworkPlan(NetworkOptions.USUAL, imageEpochs, 0)));
    try (TrainingGang gang = new TrainingGang(plan, planted.snapshot())) {
      TrainingResult result =
          gang.train((worker, workers) -> epoch -> new ListSource(samples)).get(0);
      assertThat(result.curve().points()).hasSize(12 * (imageEpochs + 1));
      return lastLoss(result);
    }
  }

  @Test
  void saysWhyTheSamplesCannotBeRead() {
    try (TrainingGang gang = gang(ImageMode.NONE, 1, 1, 10, 1)) {
      assertThatThrownBy(
              () ->
                  gang.train(
                      (worker, workers) ->
                          epoch -> {
                            throw new java.io.IOException("no such share");
                          }))
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("Cannot open the training samples: no such share");
    }
  }

  /** Servers whose ID embeddings are no numbers any more. */
  private static final class DivergedServers implements AmsClient {
    private float[] dense;

    @Override
    public Welcome join(float[] initialDense, int statistics) {
      dense = initialDense;
      return new Welcome(0, 0);
    }

    @Override
    public Answer<StepInputs> ask(StepRequest request) {
      float[] ids = new float[request.idKeys().length * EMBEDDING_DIMENSION];
      Arrays.fill(ids, Float.NaN);
      return () ->
          new StepInputs(
              new float[request.adImageKeys().length * 12],
              new float[request.behaviorImageKeys().length * 12],
              ids,
              dense);
    }

    @Override
    public Answer<Void> send(StepGradients gradients) {
      throw new AssertionError("gradients of a loss that is no number");
    }

    @Override
    public void leave(long nextStep) {}

    @Override
    public float[] dense() {
      return dense;
    }

    @Override
    public void close() {}
  }

  @Test
  void aLossThatIsNoNumberIsTheUsersToMend() {
    DicmNetwork network =
        new DicmNetwork(NetworkShape.of(SCHEMA.fields(), EMBEDDING_DIMENSION, ImageMode.JOINT));
    List<Sample> samples = singles(RandomSamplesOf.schema(SCHEMA, 5), 8);
    TrainingWorker worker =
        new TrainingWorker(
            new TrainingOptions(0, 1, 8, 1, SEED, 1, 0),
            network,
            new DivergedServers(),
            epoch -> new ListSource(samples),
            ProgressListener.NONE);
    assertThatThrownBy(worker::run)
        .hasMessage(
            "Cannot go on training: the loss of step 0 was NaN. Train again with a smaller"
                + " dicm.train.learning-rate.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.TRAINING_DIVERGED);
  }

  private static double lastLoss(TrainingResult result) {
    List<TrainingCurve.Point> points = result.curve().points();
    return points.subList(points.size() - 12, points.size()).stream()
        .mapToDouble(TrainingCurve.Point::loss)
        .average()
        .orElseThrow();
  }

  private static float[] train(List<Sample> samples, int servers, int workers, int globalBatch)
      throws Exception {
    int share = globalBatch / workers;
    try (TrainingGang gang = gang(ImageMode.JOINT, servers, workers, share, 2)) {
      gang.train(
          (worker, count) ->
              epoch ->
                  new ListSource(
                      IntStream.range(0, samples.size())
                          .filter(i -> i % globalBatch / share == worker)
                          .mapToObj(samples::get)
                          .toList()));
      return gang.dense();
    }
  }

  private static TrainingGang gang(
      ImageMode images, int servers, int workers, int batchSize, int epochs) {
    return gang(images, servers, workers, batchSize, epochs, server -> {});
  }

  private static TrainingGang gang(
      ImageMode images,
      int servers,
      int workers,
      int batchSize,
      int epochs,
      Consumer<AmsServer> beforeStart) {
    List<String> imageIds = IntStream.range(1, 9).mapToObj(i -> "image" + i).toList();
    return new TrainingGang(
        new TrainingGang.Plan(
            SCHEMA, images, EMBEDDING_DIMENSION, servers, workers, batchSize, epochs, 0.001, SEED),
        // The last image is missing from the store.
        MemorySnapshot.random(imageIds.subList(0, 7), VECTOR_DIMENSION, 2),
        beforeStart);
  }

  /** Samples of one impression each, so that batches can be cut anywhere. */
  private static List<Sample> singles(RandomSamples source, int count) {
    List<Sample> singles = new ArrayList<>();
    for (Sample sample : source.list(count)) {
      singles.add(
          new Sample(
              sample.userId(),
              sample.timestampSeconds(),
              sample.userKeys(),
              sample.behaviors(),
              sample.impressions().subList(0, 1)));
    }
    return singles;
  }

  private static final class RandomSamplesOf {
    static RandomSamples schema(FeatureSchema schema, long seed) {
      return new RandomSamples(NetworkShape.of(schema.fields(), 4, ImageMode.JOINT), seed);
    }
  }

  /** An item is clicked exactly if the first value of its picture's vector is positive. */
  private static final class PlantedClicks {
    private static final int DIMENSION = 16;
    private static final int IMAGES = 400;

    private final SplittableRandom random;
    private final Map<String, float[]> vectors = new HashMap<>();

    PlantedClicks(long seed) {
      this.random = new SplittableRandom(seed);
      for (int i = 0; i < IMAGES; i++) {
        float[] vector = new float[DIMENSION];
        for (int d = 0; d < DIMENSION; d++) {
          vector[d] = (float) (2 * random.nextDouble() - 1);
        }
        vectors.put("picture" + i, vector);
      }
    }

    MemorySnapshot snapshot() {
      return new MemorySnapshot(DIMENSION, vectors);
    }

    /** All IDs are the same for everyone: only the pictures differ. */
    List<Sample> samples(int count) {
      long item = Fingerprints.idKey("item_id", "only");
      List<Sample> samples = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String image = "picture" + random.nextInt(IMAGES);
        Impression impression =
            new Impression(
                "" + i,
                "only",
                "",
                vectors.get(image)[0] > 0 ? 1 : 0,
                Fingerprints.imageKey(image),
                new long[][] {{item}, {}},
                new long[0][]);
        Behaviors behaviors =
            new Behaviors(
                new long[] {Fingerprints.imageKey("picture" + random.nextInt(IMAGES))},
                new long[][] {{item}});
        samples.add(new Sample("user", i, new long[][] {{7}}, behaviors, List.of(impression)));
      }
      return samples;
    }
  }
}
