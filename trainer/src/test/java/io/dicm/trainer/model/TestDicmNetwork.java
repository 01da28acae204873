package io.dicm.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.client.StepInputs;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.trainer.network.DenseLayout;
import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.network.Parameters;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.train.Batch;
import io.dicm.trainer.train.BatchAssembler;
import io.dicm.trainer.train.RandomSamples;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TestDicmNetwork {
  private static final double STEP = 1e-6;

  /** All image modes; fields of every side missing once; no query; unequal dimensions. */
  static Stream<NetworkShape> shapes() {
    return Stream.of(
        new NetworkShape(1, 2, 3, 1, List.of(0, 2), 5, 4, ImageMode.JOINT),
        new NetworkShape(2, 0, 1, 0, List.of(0), 3, 4, ImageMode.JOINT),
        new NetworkShape(0, 0, 2, 2, List.of(), 4, 4, ImageMode.JOINT),
        new NetworkShape(1, 2, 3, 1, List.of(1), 4, 3, ImageMode.BEHAVIOR),
        new NetworkShape(1, 2, 3, 1, List.of(1), 4, 3, ImageMode.AD),
        new NetworkShape(0, 1, 2, 0, List.of(1), 4, 3, ImageMode.NONE),
        pooling(AggregatorKind.CONCAT, 3, ImageMode.JOINT),
        pooling(AggregatorKind.CONCAT, 8, ImageMode.BEHAVIOR),
        pooling(AggregatorKind.MAX, 0, ImageMode.JOINT),
        pooling(AggregatorKind.MAX, 0, ImageMode.BEHAVIOR),
        pooling(AggregatorKind.SUM, 0, ImageMode.JOINT),
        pooling(AggregatorKind.SUM, 0, ImageMode.BEHAVIOR),
        pooling(AggregatorKind.ATTENTIVE, 0, ImageMode.JOINT),
        pooling(AggregatorKind.ATTENTIVE, 0, ImageMode.BEHAVIOR),
        tiers(AggregatorKind.SIMTIER, ImageMode.JOINT),
        tiers(AggregatorKind.SIMTIER, ImageMode.BEHAVIOR),
        tiers(AggregatorKind.MULTI_QUERY_SIMTIER, ImageMode.JOINT),
        tiers(AggregatorKind.MULTI_QUERY_SIMTIER, ImageMode.BEHAVIOR));
  }

  private static NetworkShape tiers(AggregatorKind kind, ImageMode images) {
    return new NetworkShape(1, 2, 3, 1, List.of(1), 4, 3, images, new Aggregation(kind, 0, 5));
  }

  /** Users have up to six behaviours, some without a picture. */
  private static NetworkShape pooling(AggregatorKind kind, int behaviors, ImageMode images) {
    return new NetworkShape(1, 2, 3, 1, List.of(1), 4, 3, images, new Aggregation(kind, behaviors));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void forwardAgreesWithTheFormulas(NetworkShape shape) {
    Problem problem = new Problem(shape, 7);
    try (PointerScope scope = new PointerScope()) {
      Tensor logits = problem.doublePass().logits();
      int row = 0;
      for (Sample sample : problem.samples) {
        for (Impression impression : sample.impressions()) {
          double[] expected = problem.reference().logits(sample, impression);
          for (int c = 0; c < 2; c++) {
            assertThat(logits.select(0, row).select(0, c).item_double())
                .isCloseTo(expected[c], within(1e-12));
          }
          row++;
        }
      }
      assertThat(row).isEqualTo(problem.batch.impressions());
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void gradientsAgreeWithCentralDifferences(NetworkShape shape) {
    Problem problem = new Problem(shape, 11);
    try (PointerScope scope = new PointerScope()) {
      DoublePass pass = problem.doublePass();
      DicmNetwork.loss(pass.logits(), problem.labels()).backward();
      check(problem, "ids", pass.tables().ids(), problem.batch.idKeys(), problem.ids);
      check(problem, "ad", pass.tables().adCodes(), problem.batch.adImageKeys(), problem.adCodes);
      check(
          problem,
          "behavior",
          pass.tables().behaviorCodes(),
          problem.batch.behaviorImageKeys(),
          problem.behaviorCodes);
      problem.dense.forEach(
          (name, values) -> {
            int[] places = {0, values.length / 3, values.length / 2, values.length - 1};
            double[] gradient = doubles(pass.parameters().get(name).grad());
            for (int place : places) {
              assertThat(gradient[place])
                  .as("%s[%d]", name, place)
                  .isCloseTo(problem.difference(values, place), within(1e-7));
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void floatStepAgreesWithTheDoubleOne(NetworkShape shape) {
    Problem problem = new Problem(shape, 3);
    StepOutcome outcome =
        new DicmNetwork(shape)
            .train(problem.batch.indices(), problem.batch.labels(), problem.inputs());
    try (PointerScope scope = new PointerScope()) {
      DoublePass pass = problem.doublePass();
      Tensor loss = DicmNetwork.loss(pass.logits(), problem.labels());
      loss.backward();
      assertThat(outcome.lossSum()).isCloseTo(loss.item_double(), within(1e-4));
      assertClose(outcome.idEmbeddings(), pass.tables().ids(), problem.batch.idKeys().length);
      assertClose(outcome.adCodes(), pass.tables().adCodes(), problem.batch.adImageKeys().length);
      assertClose(
          outcome.behaviorCodes(),
          pass.tables().behaviorCodes(),
          problem.batch.behaviorImageKeys().length);
      for (DenseLayout.Entry entry : new DicmNetwork(shape).layout().entries()) {
        double[] expected = doubles(pass.parameters().get(entry.name()).grad());
        for (int i = 0; i < expected.length; i++) {
          assertThat((double) outcome.dense()[entry.offset() + i])
              .as(entry.name())
              .isCloseTo(expected[i], within(1e-4));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void predictionsAreTheSoftmaxOfTheFormulas(NetworkShape shape) {
    Problem problem = new Problem(shape, 5);
    float[] clicks = new DicmNetwork(shape).predict(problem.batch.indices(), problem.inputs());
    int row = 0;
    for (Sample sample : problem.samples) {
      for (Impression impression : sample.impressions()) {
        assertThat((double) clicks[row++])
            .isCloseTo(problem.reference().probability(sample, impression), within(1e-6));
      }
    }
    assertThat(row).isEqualTo(clicks.length);
  }

  /** They are in the batch for DIEN's auxiliary loss alone. */
  @Test
  void drawnItemsLearn() {
    NetworkShape shape =
        new NetworkShape(1, 2, 3, 1, List.of(), 4, 3, ImageMode.NONE)
            .with(NetworkOptions.usual(IdNetworkKind.DIEN), List.of());
    List<ItemCatalogue.Item> items =
        List.of(
            new ItemCatalogue.Item(new long[] {1L << 40, 2L << 40}, 1),
            new ItemCatalogue.Item(new long[] {3L << 40, 4L << 40}, 2));
    List<Sample> samples = new RandomSamples(shape, 3).list(20);
    Batch plain = new BatchAssembler(shape).assemble(samples);
    Batch batch = new BatchAssembler(shape, ItemCatalogue.of(items), 1).assemble(samples);
    assertThat(batch.idKeys())
        .startsWith(plain.idKeys())
        .contains(1L << 40, 2L << 40, 3L << 40, 4L << 40);
    float[] ids = new float[batch.idKeys().length * 4];
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (float) random.nextDouble() - .5f;
    }
    DicmNetwork network = new DicmNetwork(shape);
    StepInputs inputs = new StepInputs(new float[0], new float[0], ids, network.initialDense(1));

    StepOutcome outcome = network.train(batch.indices(), batch.labels(), inputs);

    for (int i = plain.idKeys().length * 4; i < ids.length; i++) {
      assertThat(outcome.idEmbeddings()[i]).as("gradient %d", i).isNotZero();
    }
  }

  @Test
  void behaviorsWithoutPicturesChangeNothing() {
    NetworkShape shape = new NetworkShape(0, 0, 1, 0, List.of(0), 4, 4, ImageMode.JOINT);
    List<Sample> bare = List.of(sample(new long[] {5, 6}));
    List<Sample> padded = List.of(sample(new long[] {0, 5, 0, 0, 6, 0}));
    BatchAssembler assembler = new BatchAssembler(shape);
    Batch ragged = assembler.assemble(bare);
    Batch withHoles = assembler.assemble(padded);
    assertThat(withHoles.indices().behaviorImages().rows())
        .isEqualTo(ragged.indices().behaviorImages().rows());
    assertThat(withHoles.behaviorImageKeys()).containsExactly(5, 6);
  }

  @Test
  void trainsOnABatchWithNeitherPicturesNorBehaviors() {
    NetworkShape shape = new NetworkShape(1, 1, 1, 0, List.of(0), 4, 4, ImageMode.JOINT);
    Impression impression = new Impression("1", "1", "", 1, 0, new long[][] {{3}}, new long[0][]);
    Sample sample =
        new Sample(
            "u",
            1,
            new long[][] {{}},
            new Behaviors(new long[0], new long[][] {{}}),
            List.of(impression));
    Batch batch = new BatchAssembler(shape).assemble(List.of(sample));
    DicmNetwork network = new DicmNetwork(shape);
    StepInputs inputs =
        new StepInputs(
            new float[0], new float[0], new float[] {1, 2, 3, 4}, network.initialDense(1));
    StepOutcome outcome = network.train(batch.indices(), batch.labels(), inputs);
    assertThat(outcome.lossSum()).isPositive().isFinite();
    assertThat(outcome.adCodes()).isEmpty();
    assertThat(outcome.behaviorCodes()).isEmpty();
    assertThat(outcome.idEmbeddings()).hasSize(4).doesNotContain(0f);
  }

  @ParameterizedTest
  @EnumSource(AggregatorKind.class)
  void withoutBehaviorsEveryPoolingIsZeros(AggregatorKind kind) {
    Aggregation aggregation = Aggregations.small(kind);
    NetworkShape shape =
        new NetworkShape(0, 0, 1, 0, List.of(0), 4, 3, ImageMode.BEHAVIOR, aggregation);
    DicmNetwork network = new DicmNetwork(shape);
    Batch none = new BatchAssembler(shape).assemble(List.of(sample(new long[] {0, 0})));
    Batch some = new BatchAssembler(shape).assemble(List.of(sample(new long[] {0, 5})));
    float[] ad = shape.needsAdCodes() ? new float[] {1, 2, 3} : new float[0];
    float[] ids = {1, 2, 3, 4};
    float[] dense = network.initialDense(1);
    int[] noCounts = new int[shape.tiers()];
    StepInputs ofNothing = new StepInputs(ad, new float[0], ids, dense, noCounts);
    StepOutcome outcome = network.train(none.indices(), none.labels(), ofNothing);
    float[] ofZeroCode =
        network.predict(some.indices(), new StepInputs(ad, new float[3], ids, dense, noCounts));
    float[] ofNone = network.predict(none.indices(), ofNothing);
    assertThat(ofNone).isEqualTo(ofZeroCode);
    assertThat(outcome.lossSum()).isCloseTo(-Math.log(ofNone[0]), within(1e-6));
    assertThat(outcome.behaviorCodes()).isEmpty();
    assertThat(outcome.adCodes()).hasSize(ad.length);
  }

  /** The newest behaviour has the first place, however many there are; older ones are left out. */
  @Test
  void concatenationKeepsTheLatest() {
    Aggregation two = new Aggregation(AggregatorKind.CONCAT, 2);
    NetworkShape shape = new NetworkShape(0, 0, 1, 0, List.of(0), 4, 3, ImageMode.BEHAVIOR, two);
    DicmNetwork network = new DicmNetwork(shape);
    assertThat(layoutOf(network, "mlp.0.weight").shape()).containsExactly(200, 4 + 2 * 3);
    Batch three = new BatchAssembler(shape).assemble(List.of(sample(new long[] {7, 5, 0, 6})));
    StepOutcome outcome =
        network.train(
            three.indices(),
            three.labels(),
            new StepInputs(
                new float[0],
                new float[] {7, 7, 7, 5, 5, 5, 6, 6, 6},
                new float[4],
                network.initialDense(1)));
    assertThat(three.behaviorImageKeys()).containsExactly(7, 5, 6);
    assertThat(Arrays.copyOf(outcome.behaviorCodes(), 3)).containsOnly(0f);
    assertThat(Arrays.copyOfRange(outcome.behaviorCodes(), 3, 9)).doesNotContain(0f);
    float[] weights = network.layout().split(outcome.dense()).get("mlp.0.weight").values();
    // Gradients of the first unit's weights are in proportion to its inputs: 6 before 5.
    assertThat(weights[4] / weights[7]).isCloseTo(6f / 5, within(1e-5f));
  }

  /** A tier's count enters as ln(1 + count): nothing goes back through it. */
  @Test
  void histogramsAreInputsBesideTheOthers() {
    NetworkShape shape =
        new NetworkShape(
            0,
            0,
            1,
            0,
            List.of(0),
            4,
            3,
            ImageMode.JOINT,
            new Aggregation(AggregatorKind.SIMTIER, 0, 2));
    DicmNetwork network = new DicmNetwork(shape);
    assertThat(layoutOf(network, "mlp.0.weight").shape()).containsExactly(200, 4 + 3 + 2);
    Batch batch = new BatchAssembler(shape).assemble(List.of(sample(new long[] {7, 5, 0, 5})));
    assertThat(batch.behaviorImageKeys()).isEmpty();
    assertThat(batch.tiers().behaviorImageKeys()).containsExactly(5, 7);
    StepOutcome outcome =
        network.train(
            batch.indices(),
            batch.labels(),
            new StepInputs(
                new float[] {1, 1, 1},
                new float[0],
                new float[4],
                network.initialDense(1),
                new int[] {1, 20}));
    assertThat(outcome.behaviorCodes()).isEmpty();
    assertThat(outcome.adCodes()).hasSize(3).doesNotContain(0f);
    float[] weights = network.layout().split(outcome.dense()).get("mlp.0.weight").values();
    // Gradients of the first unit's weights are in proportion to its inputs.
    assertThat((double) weights[7] / weights[4]).isCloseTo(Math.log(2), within(1e-5));
    assertThat((double) weights[8] / weights[4]).isCloseTo(Math.log(21), within(1e-5));
  }

  private static DenseLayout.Entry layoutOf(DicmNetwork network, String name) {
    return network.layout().entries().stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(ImageMode.class)
  void imagesDecideTheWidthOfTheFirstLayer(ImageMode mode) {
    NetworkShape shape = new NetworkShape(1, 2, 3, 0, List.of(0), 12, 12, mode);
    int images =
        switch (mode) {
          case NONE -> 0;
          case AD -> 12;
          case BEHAVIOR -> 24;
          case JOINT -> 36;
        };
    DenseLayout layout = new DicmNetwork(shape).layout();
    assertThat(layoutOf(new DicmNetwork(shape), "mlp.0.weight").shape())
        .containsExactly(200, 6 * 12 + images);
    assertThat(layout.entries().stream().anyMatch(e -> e.name().startsWith("attention")))
        .isEqualTo(mode.poolsBehaviors());
  }

  @Test
  void initialValuesDependOnTheSeedAlone() {
    NetworkShape shape = new NetworkShape(1, 2, 3, 0, List.of(0), 12, 12, ImageMode.JOINT);
    float[] values = new DicmNetwork(shape).initialDense(4);
    assertThat(new DicmNetwork(shape).initialDense(4)).isEqualTo(values);
    assertThat(new DicmNetwork(shape).initialDense(5)).isNotEqualTo(values);
    DenseLayout layout = new DicmNetwork(shape).layout();
    float bound = (float) (1 / Math.sqrt(6 * 12 + 36));
    float[] first = layout.split(values).get("mlp.0.weight").values();
    for (float value : first) {
      assertThat(Math.abs(value)).isLessThanOrEqualTo(bound);
    }
    assertThat(layout.split(values).get("mlp.0.slope").values()).containsExactly(0.25f);
  }

  @Test
  void refusesDenseParametersOfAnotherLength() {
    NetworkShape shape = new NetworkShape(0, 0, 1, 0, List.of(), 2, 2, ImageMode.NONE);
    Batch batch = new BatchAssembler(shape).assemble(new RandomSamples(shape, 1).list(1));
    StepInputs inputs = new StepInputs(new float[0], new float[0], new float[8], new float[3]);
    assertThatThrownBy(() -> new DicmNetwork(shape).predict(batch.indices(), inputs))
        .hasMessageContaining("Dense parameters were 3 values, needed");
  }

  private static Sample sample(long[] behaviorImages) {
    Impression impression = new Impression("1", "1", "", 1, 9, new long[][] {{3}}, new long[0][]);
    return new Sample(
        "u", 1, new long[0][], new Behaviors(behaviorImages, new long[0][]), List.of(impression));
  }

  private static void check(
      Problem problem, String table, Tensor leaf, long[] keys, Map<Long, double[]> rows) {
    if (keys.length == 0) {
      return;
    }
    double[] gradient = doubles(leaf.grad());
    for (int row = 0; row < keys.length; row++) {
      double[] values = rows.get(keys[row]);
      for (int d = 0; d < values.length; d++) {
        assertThat(gradient[row * values.length + d])
            .as("%s[%d][%d]", table, row, d)
            .isCloseTo(problem.difference(values, d), within(1e-7));
      }
    }
  }

  private static void assertClose(float[] found, Tensor leaf, int rows) {
    if (rows == 0) {
      assertThat(found).isEmpty();
      return;
    }
    double[] expected = doubles(leaf.grad());
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i]).isCloseTo(expected[i], within(1e-4));
    }
  }

  private static double[] doubles(Tensor tensor) {
    double[] values = new double[(int) tensor.numel()];
    tensor.contiguous().data_ptr_double().get(values);
    return values;
  }

  private record DoublePass(Tensor logits, NetworkTables tables, Parameters parameters) {}

  /** A random batch with random values for everything, as keys and as tensors. */
  private static final class Problem {
    final NetworkShape shape;
    final List<Sample> samples;
    final Batch batch;
    final Map<Long, double[]> ids = new HashMap<>();
    final Map<Long, double[]> adCodes = new HashMap<>();
    final Map<Long, double[]> behaviorCodes = new HashMap<>();
    final Map<String, double[]> dense = new LinkedHashMap<>();
    final Map<Impression, int[]> histograms = new HashMap<>();
    private final SplittableRandom random;

    Problem(NetworkShape shape, long seed) {
      this.shape = shape;
      this.random = new SplittableRandom(seed);
      this.samples = new RandomSamples(shape, seed).list(6);
      this.batch = new BatchAssembler(shape).assemble(samples);
      fill(ids, batch.idKeys(), shape.embeddingDimension());
      fill(adCodes, batch.adImageKeys(), shape.codeDimension());
      fill(behaviorCodes, batch.behaviorImageKeys(), shape.codeDimension());
      for (Sample sample : samples) {
        for (Impression impression : sample.impressions()) {
          histograms.put(impression, random.ints(shape.tiers(), 0, 5).toArray());
        }
      }
      for (DenseLayout.Entry entry : new DicmNetwork(shape).layout().entries()) {
        dense.put(entry.name(), values(entry.count(), 0.4));
      }
    }

    ReferenceNetwork reference() {
      return new ReferenceNetwork(shape, ids, adCodes, behaviorCodes, dense, histograms);
    }

    /** (loss(x + h) - loss(x - h)) / 2h of the loop-written network. */
    double difference(double[] values, int place) {
      double value = values[place];
      values[place] = value + STEP;
      double above = reference().loss(samples);
      values[place] = value - STEP;
      double below = reference().loss(samples);
      values[place] = value;
      return (above - below) / (2 * STEP);
    }

    Tensor labels() {
      return AbstractTensor.create(batch.labels(), batch.labels().length);
    }

    DoublePass doublePass() {
      NetworkTables tables =
          new NetworkTables(
              leaf(ids, batch.idKeys(), shape.embeddingDimension()),
              leaf(adCodes, batch.adImageKeys(), shape.codeDimension()),
              leaf(behaviorCodes, batch.behaviorImageKeys(), shape.codeDimension()),
              shape.tiers() == 0 ? null : tiers());
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (DenseLayout.Entry entry : new DicmNetwork(shape).layout().entries()) {
        tensors.put(
            entry.name(),
            AbstractTensor.create(dense.get(entry.name()), entry.shape()).set_requires_grad(true));
      }
      Parameters parameters = new Parameters(tensors);
      try (PreparedIndices prepared =
          new PreparedIndices(batch.indices(), ComputeDevice.PROCESSOR, AttentionKernels.plain())) {
        Tensor logits = new NetworkGraph(shape).logits(tables, prepared, parameters);
        return new DoublePass(logits, tables, parameters);
      }
    }

    private int[] counts() {
      return samples.stream()
          .flatMap(sample -> sample.impressions().stream())
          .flatMapToInt(impression -> Arrays.stream(histograms.get(impression)))
          .toArray();
    }

    private Tensor tiers() {
      double[] logarithms = Arrays.stream(counts()).mapToDouble(Math::log1p).toArray();
      return AbstractTensor.create(logarithms, logarithms.length / shape.tiers(), shape.tiers());
    }

    StepInputs inputs() {
      DenseLayout layout = new DicmNetwork(shape).layout();
      float[] flat = new float[layout.length()];
      for (DenseLayout.Entry entry : layout.entries()) {
        double[] values = dense.get(entry.name());
        for (int i = 0; i < values.length; i++) {
          flat[entry.offset() + i] = (float) values[i];
        }
      }
      return new StepInputs(
          floats(adCodes, batch.adImageKeys(), shape.codeDimension()),
          floats(behaviorCodes, batch.behaviorImageKeys(), shape.codeDimension()),
          floats(ids, batch.idKeys(), shape.embeddingDimension()),
          flat,
          counts());
    }

    private void fill(Map<Long, double[]> rows, long[] keys, int width) {
      for (long key : keys) {
        rows.put(key, values(width, 1));
      }
    }

    private double[] values(int count, double bound) {
      return random.doubles(count, -bound, bound).toArray();
    }

    private static Tensor leaf(Map<Long, double[]> rows, long[] keys, int width) {
      double[] values = new double[Math.max(1, keys.length) * width];
      for (int i = 0; i < keys.length; i++) {
        System.arraycopy(rows.get(keys[i]), 0, values, i * width, width);
      }
      return AbstractTensor.create(values, values.length / width, width).set_requires_grad(true);
    }

    private static float[] floats(Map<Long, double[]> rows, long[] keys, int width) {
      float[] values = new float[keys.length * width];
      for (int i = 0; i < keys.length; i++) {
        for (int d = 0; d < width; d++) {
          values[i * width + d] = (float) rows.get(keys[i])[d];
        }
      }
      return values;
    }
  }
}
