package io.dicm.ams.submodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.optimizer.Adam;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class TestSubModel {
  private static final int DIMENSION = 20;
  private static final int ROWS = 5;
  private static final NetworkLayout LAYOUT = NetworkLayout.of(DIMENSION);

  private final Random random = new Random(9);

  private static SubModel subModel(boolean shared, long seed) {
    return new SubModel(DIMENSION, shared, seed, new Adam());
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
      network.update(randomFloats(LAYOUT.length()), 0.01f);
      ReferenceNetwork reference =
          new ReferenceNetwork(LAYOUT, doubles(network.state().values(), 0, LAYOUT.length()));
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
      List<float[]> gradients = List.of(randomFloats(LAYOUT.length()), new float[0]);
      one.update(gradients, 0.01f);
      assertThat(other.digest()).isNotEqualTo(one.digest());
      other.update(gradients, 0.01f);
      assertThat(other.digest()).isEqualTo(one.digest());
    }
  }

  @Test
  void aNetworkWithoutGradientStaysAsItIs() {
    try (SubModel subModel = subModel(false, 3)) {
      float[] ad = subModel.ad().state().values().clone();
      float[] behavior = subModel.behavior().state().values().clone();
      subModel.update(List.of(randomFloats(LAYOUT.length()), new float[0]), 0.01f);
      assertThat(subModel.ad().state().values()).isNotEqualTo(ad);
      assertThat(subModel.behavior().state().values()).isEqualTo(behavior);
    }
  }

  @Test
  void adAndBehaviorStartApartUnlessShared() {
    try (SubModel apart = subModel(false, 3);
        SubModel shared = subModel(true, 3)) {
      assertThat(apart.ad().state().values()).isNotEqualTo(apart.behavior().state().values());
      assertThat(shared.ad()).isSameAs(shared.behavior());
      assertThat(apart.tensors()).containsKeys("ad.fc1.weight", "behavior.prelu2.weight");
      Map<String, FloatTensor> tensors = shared.tensors();
      assertThat(tensors).hasSize(8).containsKey("shared.fc3.bias");
      assertThat(tensors.get("shared.fc2.weight").shape()).containsExactly(64, 256);
      assertThat(tensors.get("shared.prelu1.weight").values()).containsExactly(0.25f);
    }
  }
}
