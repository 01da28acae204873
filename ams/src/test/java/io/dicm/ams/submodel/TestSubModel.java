package io.dicm.ams.submodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.compute.NativeThreads;
import io.dicm.ams.dense.DenseRange;
import io.dicm.ams.optimizer.Adam;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestSubModel {
  private static final int DIMENSION = 20;
  private static final int ROWS = 5;
  private static final NetworkLayout LAYOUT = NetworkLayout.of(DIMENSION);

  private final Random random = new Random(9);

  private static SubModel subModel(boolean shared, long seed) {
    return new SubModel(LAYOUT, shared, seed, new Adam(), 0, 1, ComputeCrew.alone());
  }

  /** A step of one server alone. */
  private static void step(SubModel subModel, int network, float[] gradient) {
    subModel.update(network, gradient, 0.01f);
    subModel.put(network, 0, subModel.ownValues(network));
  }

  private float[] randomFloats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static Tensor tensor(float[] values, long... shape) {
    Tensor tensor = torch.empty(shape);
    tensor.data_ptr_float().put(values);
    return tensor;
  }

  private static double[] doubles(float[] values, int from, int count) {
    double[] out = new double[count];
    for (int i = 0; i < count; i++) {
      out[i] = values[from + i];
    }
    return out;
  }

  @Test
  void hasTheSizeOfThePaper() {
    // 1,066,060 weights and biases, and a slope for each of two PReLUs.
    assertThat(NetworkLayout.of(4096).length()).isEqualTo(1_066_062);
    assertThat(NetworkLayout.of(4096).tensors())
        .extracting(NetworkLayout.FlatTensor::name)
        .containsExactly(
            "fc1.weight",
            "fc1.bias",
            "prelu1.weight",
            "fc2.weight",
            "fc2.bias",
            "prelu2.weight",
            "fc3.weight",
            "fc3.bias");
  }

  @Test
  void codesAndGradientsAgreeWithPlainLoops() {
    float[] inputs = randomFloats(ROWS * DIMENSION);
    float[] codeGradients = randomFloats(ROWS * 12);
    try (PointerScope scope = new PointerScope();
        SubModel subModel = subModel(false, 3)) {
      CodeNetwork network = subModel.behavior();
      // Off the initial values, so that biases and slopes count.
      step(subModel, 1, randomFloats(LAYOUT.length()));
      ReferenceNetwork reference =
          new ReferenceNetwork(LAYOUT, doubles(network.values(), 0, LAYOUT.length()));
      try (CodePass pass = network.forward(tensor(inputs, ROWS, DIMENSION))) {
        float[] codes = pass.codes();
        assertThat(network.codes(tensor(inputs, ROWS, DIMENSION))).isEqualTo(codes);
        for (int r = 0; r < ROWS; r++) {
          double[] x = doubles(inputs, r * DIMENSION, DIMENSION);
          assertThat(doubles(codes, r * 12, 12)).containsExactly(reference.code(x), within(1e-4));
          reference.backward(x, doubles(codeGradients, r * 12, 12));
        }
        float[] gradient = pass.backward(codeGradients);
        assertThat(doubles(gradient, 0, gradient.length))
            .containsExactly(reference.gradient(), within(2e-4));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aCrewComputesTheSameEachTimeAndNearlyWhatOneThreadDoes(int threads) {
    NativeThreads.use(1);
    int rows = 700;
    NetworkLayout wide = NetworkLayout.of(1024);
    float[] codeGradients = randomFloats(rows * 12);
    try (PointerScope scope = new PointerScope();
        ComputeCrew crew = new ComputeCrew("test-crew-", threads);
        SubModel alone = new SubModel(wide, true, 3, new Adam(), 0, 1, ComputeCrew.alone());
        SubModel together = new SubModel(wide, true, 3, new Adam(), 0, 1, crew)) {
      Tensor inputs = tensor(randomFloats(rows * 1024), rows, 1024);
      float[] first = null;
      for (int i = 0; i < 10; i++) {
        try (CodePass one = alone.ad().forward(inputs);
            CodePass other = together.ad().forward(inputs)) {
          assertThat(largestDifference(other.codes(), one.codes())).isLessThan(1e-5f);
          float[] gradient = other.backward(codeGradients.clone()).clone();
          assertThat(largestDifference(gradient, one.backward(codeGradients.clone())))
              .isLessThan(1e-3f);
          first = first == null ? gradient : first;
          assertThat(gradient).isEqualTo(first);
        }
      }
    }
  }

  /** AssertJ's comparison within a tolerance takes time quadratic in the length. */
  private static float largestDifference(float[] one, float[] other) {
    assertThat(one).hasSameSizeAs(other);
    float largest = 0;
    for (int i = 0; i < one.length; i++) {
      float difference = Math.abs(one[i] - other[i]);
      largest = Float.isNaN(difference) ? Float.POSITIVE_INFINITY : Math.max(largest, difference);
    }
    return largest;
  }

  /** Each value's update is its own: pieces change nothing. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aCrewUpdatesToTheBitsOfOneThread(int threads) {
    NetworkLayout wide = NetworkLayout.of(1024);
    try (ComputeCrew crew = new ComputeCrew("test-crew-", threads);
        SubModel alone = new SubModel(wide, true, 3, new Adam(), 0, 1, ComputeCrew.alone());
        SubModel together = new SubModel(wide, true, 3, new Adam(), 0, 1, crew)) {
      for (int i = 0; i < 3; i++) {
        float[] gradient = randomFloats(wide.length());
        step(alone, 0, gradient);
        step(together, 0, gradient);
      }
      assertThat(together.ad().values()).isEqualTo(alone.ad().values());
      assertThat(together.ad().snapshot().state().slots())
          .isDeepEqualTo(alone.ad().snapshot().state().slots());
    }
  }

  /** The row of images without a vector lies in a piece that is not the first. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aCrewLearnsTheCodeOfMissingImages(int threads) {
    int rows = 700;
    int missing = 650;
    NetworkLayout layout = NetworkLayout.of(DIMENSION, SubModelShape.USUAL, true);
    int offset = LAYOUT.length();
    float[] codeGradients = randomFloats(rows * 12);
    try (PointerScope scope = new PointerScope();
        ComputeCrew crew = new ComputeCrew("test-crew-", threads);
        SubModel alone = new SubModel(layout, true, 3, new Adam(), 0, 1, ComputeCrew.alone());
        SubModel together = new SubModel(layout, true, 3, new Adam(), 0, 1, crew)) {
      Tensor inputs = tensor(randomFloats(rows * DIMENSION), rows, DIMENSION);
      for (int i = 0; i < 3; i++) {
        try (CodePass one = alone.ad().forward(inputs, missing);
            CodePass other = together.ad().forward(inputs, missing)) {
          // A product of fewer rows may add in another order.
          assertThat(largestDifference(other.codes(), one.codes())).isLessThan(1e-5f);
          float[] expected = one.backward(codeGradients.clone());
          float[] gradient = other.backward(codeGradients.clone());
          assertThat(Arrays.copyOfRange(gradient, offset, offset + 12))
              .isEqualTo(Arrays.copyOfRange(codeGradients, missing * 12, missing * 12 + 12));
          assertThat(largestDifference(gradient, expected)).isLessThan(1e-3f);
          step(alone, 0, expected);
          step(together, 0, expected);
        }
        assertThat(Arrays.copyOfRange(together.ad().values(), offset, offset + 12))
            .isEqualTo(Arrays.copyOfRange(alone.ad().values(), offset, offset + 12))
            .doesNotContain(0f);
      }
    }
  }

  @Test
  void theReferenceAgreesWithCentralDifferences() {
    double[] values = random.doubles(LAYOUT.length(), -0.3, 0.3).toArray();
    double[] x = random.doubles(DIMENSION, -1, 1).toArray();
    double[] codeGradient = random.doubles(12, -1, 1).toArray();
    ReferenceNetwork reference = new ReferenceNetwork(LAYOUT, values);
    reference.backward(x, codeGradient);
    for (NetworkLayout.FlatTensor tensor : LAYOUT.tensors()) {
      for (int i = 0; i < Math.min(20, tensor.length()); i++) {
        int index = tensor.offset() + random.nextInt(tensor.length());
        double value = values[index];
        values[index] = value + 1e-6;
        double above = dot(reference.code(x), codeGradient);
        values[index] = value - 1e-6;
        double below = dot(reference.code(x), codeGradient);
        values[index] = value;
        assertThat(reference.gradient()[index]).isCloseTo((above - below) / 2e-6, within(1e-6));
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Test
  void aSecondBackwardDoesNotAddToTheFirst() {
    try (PointerScope scope = new PointerScope();
        SubModel subModel = subModel(true, 3)) {
      Tensor inputs = tensor(randomFloats(ROWS * DIMENSION), ROWS, DIMENSION);
      float[] codeGradients = randomFloats(ROWS * 12);
      float[][] gradients = new float[2][];
      for (int i = 0; i < 2; i++) {
        try (CodePass pass = subModel.ad().forward(inputs)) {
          gradients[i] = pass.backward(codeGradients).clone();
        }
      }
      assertThat(gradients[1]).isEqualTo(gradients[0]);
    }
  }

  @Test
  void replicasWithTheSameSeedAndGradientsAreEqual() {
    try (SubModel one = subModel(false, 3);
        SubModel other = subModel(false, 3);
        SubModel otherSeed = subModel(false, 4)) {
      assertThat(other.digest()).isEqualTo(one.digest());
      assertThat(otherSeed.digest()).isNotEqualTo(one.digest());
      assertThat(other.checksum()).isEqualTo(one.checksum());
      float[] gradient = randomFloats(LAYOUT.length());
      step(one, 0, gradient);
      assertThat(other.digest()).isNotEqualTo(one.digest());
      assertThat(other.checksum()).isNotEqualTo(one.checksum());
      step(other, 0, gradient);
      assertThat(other.digest()).isEqualTo(one.digest());
      assertThat(other.checksum()).isEqualTo(one.checksum());
    }
  }

  @Test
  void aStepOfOneNetworkLeavesTheOther() {
    try (SubModel subModel = subModel(false, 3)) {
      float[] ad = subModel.ad().values();
      float[] behavior = subModel.behavior().values();
      step(subModel, 0, randomFloats(LAYOUT.length()));
      assertThat(subModel.ad().values()).isNotEqualTo(ad);
      assertThat(subModel.behavior().values()).isEqualTo(behavior);
    }
  }

  @Test
  void rangesTrainedApartAreTheNetworkTrainedAsAWhole() {
    int servers = 3;
    float[] gradient = randomFloats(LAYOUT.length());
    try (SubModel whole = subModel(true, 3);
        SubModel last =
            new SubModel(LAYOUT, true, 3, new Adam(), servers - 1, servers, ComputeCrew.alone())) {
      step(whole, 0, gradient);
      for (int server = 0; server < servers; server++) {
        DenseRange range = DenseRange.of(LAYOUT.length(), server, servers);
        try (SubModel part =
            new SubModel(LAYOUT, true, 3, new Adam(), server, servers, ComputeCrew.alone())) {
          SubModel trained = server == servers - 1 ? last : part;
          String before = trained.digest();
          trained.update(0, Arrays.copyOfRange(gradient, range.from(), range.to()), 0.01f);
          assertThat(trained.digest())
              .as("codes are computed with the old values")
              .isEqualTo(before);
          assertThat(trained.updates(0)).isEqualTo(1);
          last.put(0, range.from(), trained.ownValues(0));
        }
      }
      assertThat(last.digest()).isEqualTo(whole.digest());
      assertThat(last.ad().snapshot().state().length()).isLessThan(LAYOUT.length() / 2);
    }
  }

  @Test
  void theCodeOfMissingImagesIsLearned() {
    NetworkLayout layout = NetworkLayout.of(DIMENSION, SubModelShape.USUAL, true);
    int offset = LAYOUT.length();
    float[] inputs = randomFloats(ROWS * DIMENSION);
    float[] codeGradients = randomFloats(ROWS * 12);
    int missing = 2;
    try (PointerScope scope = new PointerScope();
        SubModel subModel = new SubModel(layout, true, 3, new Adam(), 0, 1, ComputeCrew.alone());
        SubModel without = subModel(true, 3)) {
      CodeNetwork network = subModel.ad();
      float[] plain = without.ad().codes(tensor(inputs, ROWS, DIMENSION));
      float[] others = codeGradients.clone();
      Arrays.fill(others, missing * 12, missing * 12 + 12, 0);
      float[] expected;
      try (CodePass pass = without.ad().forward(tensor(inputs, ROWS, DIMENSION))) {
        expected = pass.backward(others).clone();
      }
      try (CodePass pass = network.forward(tensor(inputs, ROWS, DIMENSION), missing)) {
        float[] codes = pass.codes();
        for (int i = 0; i < codes.length; i++) {
          assertThat(codes[i]).isEqualTo(i / 12 == missing ? 0 : plain[i]);
        }
        float[] gradient = pass.backward(codeGradients.clone());
        assertThat(Arrays.copyOf(gradient, offset)).isEqualTo(expected);
        assertThat(Arrays.copyOfRange(gradient, offset, offset + 12))
            .isEqualTo(Arrays.copyOfRange(codeGradients, missing * 12, missing * 12 + 12));
        step(subModel, 0, gradient);
      }
      float[] learned = Arrays.copyOfRange(network.values(), offset, offset + 12);
      try (CodePass pass = network.forward(tensor(inputs, ROWS, DIMENSION), missing)) {
        assertThat(Arrays.copyOfRange(pass.codes(), missing * 12, missing * 12 + 12))
            .isEqualTo(learned)
            .doesNotContain(0f);
      }
      try (CodePass pass = network.forward(tensor(inputs, ROWS, DIMENSION), CodePass.NO_ROW)) {
        assertThat(Arrays.copyOfRange(pass.backward(codeGradients), offset, offset + 12))
            .containsOnly(0f);
      }
      assertThat(subModel.tensors().get("shared.missing_code").values()).isEqualTo(learned);
    }
  }

  @Test
  void adAndBehaviorStartApartUnlessShared() {
    try (SubModel apart = subModel(false, 3);
        SubModel shared = subModel(true, 3)) {
      assertThat(apart.ad().values()).isNotEqualTo(apart.behavior().values());
      assertThat(shared.ad()).isSameAs(shared.behavior());
      assertThat(apart.tensors()).containsKeys("ad.fc1.weight", "behavior.prelu2.weight");
      Map<String, FloatTensor> tensors = shared.tensors();
      assertThat(tensors).hasSize(8).containsKey("shared.fc3.bias");
      assertThat(tensors.get("shared.fc2.weight").shape()).containsExactly(64, 256);
      assertThat(tensors.get("shared.prelu1.weight").values()).containsExactly(0.25f);
    }
  }
}
