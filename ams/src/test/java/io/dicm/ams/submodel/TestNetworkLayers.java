package io.dicm.ams.submodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.compute.TensorWork;
import io.dicm.ams.optimizer.Adam;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks of one to four layers against plain loops. */
class TestNetworkLayers {
  private static final int DIMENSION = 9;
  private static final int ROWS = 6;

  private final Random random = new Random(3);

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
    Arrays.setAll(out, i -> values[from + i]);
    return out;
  }

  private static SubModelShape shape(String text) {
    return SubModelShape.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "12", "7-5", "16-8-4", "8-16-6-3"})
  void codesAndGradientsAgreeWithPlainLoops(String text) {
    SubModelShape shape = shape(text);
    NetworkLayout layout = NetworkLayout.of(DIMENSION, shape, false);
    int codes = layout.codeDimension();
    assertThat(codes).isEqualTo(shape.codeDimension(DIMENSION));
    float[] inputs = randomFloats(ROWS * DIMENSION);
    float[] codeGradients = randomFloats(ROWS * codes);
    try (PointerScope scope = new PointerScope();
        SubModel subModel = new SubModel(layout, true, 5, new Adam(), 0, 1, ComputeCrew.alone())) {
      CodeNetwork network = subModel.ad();
      // Off the initial values, so that biases and slopes count.
      network.update(randomFloats(layout.length()), 0.1f);
      network.put(0, network.ownValues());
      ReferenceNetwork reference =
          new ReferenceNetwork(layout, doubles(network.values(), 0, layout.length()));
      try (CodePass pass = network.forward(tensor(inputs, ROWS, DIMENSION))) {
        float[] found = pass.codes();
        assertThat(network.codes(tensor(inputs, ROWS, DIMENSION))).isEqualTo(found);
        for (int row = 0; row < ROWS; row++) {
          double[] x = doubles(inputs, row * DIMENSION, DIMENSION);
          assertThat(doubles(found, row * codes, codes))
              .containsExactly(reference.code(x), within(1e-5));
          reference.backward(x, doubles(codeGradients, row * codes, codes));
        }
        float[] gradient = pass.backward(codeGradients);
        assertThat(doubles(gradient, 0, gradient.length))
            .containsExactly(reference.gradient(), within(2e-5));
      }
    }
  }

  /** Codes are those of rounded factors, but for the order of sums; gradients are near. */
  @ParameterizedTest
  @ValueSource(strings = {"12", "7-5", "16-8-4"})
  void bfloat16RoundsTheFactorsOfTheFirstLayerAlone(String text) {
    NetworkLayout layout = NetworkLayout.of(DIMENSION, shape(text), false);
    int codes = layout.codeDimension();
    int weights = layout.tensors().get(0).length();
    float[] inputs = randomFloats(ROWS * DIMENSION);
    float[] codeGradients = randomFloats(ROWS * codes);
    TensorWork rounding =
        new TensorWork(ComputeDevice.PROCESSOR, Arithmetic.BFLOAT16, ComputeCrew.alone());
    try (PointerScope scope = new PointerScope();
        SubModel subModel = new SubModel(layout, true, 5, new Adam(), 0, 1, rounding)) {
      CodeNetwork network = subModel.ad();
      double[] exact = doubles(network.values(), 0, layout.length());
      double[] rounded = exact.clone();
      for (int i = 0; i < weights; i++) {
        rounded[i] = rounded((float) exact[i]);
      }
      ReferenceNetwork ofRounded = new ReferenceNetwork(layout, rounded);
      ReferenceNetwork ofExact = new ReferenceNetwork(layout, exact);
      try (CodePass pass = network.forward(tensor(inputs, ROWS, DIMENSION))) {
        float[] found = pass.codes();
        for (int row = 0; row < ROWS; row++) {
          double[] x = doubles(inputs, row * DIMENSION, DIMENSION);
          double[] roundedX = Arrays.stream(x).map(value -> rounded((float) value)).toArray();
          assertThat(doubles(found, row * codes, codes))
              .containsExactly(ofRounded.code(roundedX), within(1e-5));
          assertThat(ofExact.code(x)).isNotEqualTo(ofRounded.code(roundedX));
          ofExact.backward(x, doubles(codeGradients, row * codes, codes));
        }
        float[] gradient = pass.backward(codeGradients);
        double difference = 0;
        double size = 0;
        for (int i = 0; i < gradient.length; i++) {
          difference += Math.pow(gradient[i] - ofExact.gradient()[i], 2);
          size += Math.pow(ofExact.gradient()[i], 2);
        }
        assertThat(Math.sqrt(difference / size)).isBetween(1e-5, 0.02);
      }
    }
  }

  /** To the nearest value of 8 significant bits, of two the even one. */
  private static float rounded(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.intBitsToFloat((bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "12", "7-5", "16-8-4", "8-16-6-3"})
  void theReferenceAgreesWithCentralDifferences(String text) {
    NetworkLayout layout = NetworkLayout.of(DIMENSION, shape(text), false);
    double[] values = random.doubles(layout.length(), -0.5, 0.5).toArray();
    double[] x = random.doubles(DIMENSION, -1, 1).toArray();
    double[] codeGradient = random.doubles(layout.codeDimension(), -1, 1).toArray();
    ReferenceNetwork reference = new ReferenceNetwork(layout, values);
    reference.backward(x, codeGradient);
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      values[i] = value + 1e-6;
      double above = dot(reference.code(x), codeGradient);
      values[i] = value - 1e-6;
      double below = dot(reference.code(x), codeGradient);
      values[i] = value;
      assertThat(reference.gradient()[i]).isCloseTo((above - below) / 2e-6, within(1e-6));
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "7-5"})
  void theCodeOfMissingImagesHasTheLengthOfACode(String text) {
    SubModelShape shape = shape(text);
    NetworkLayout layout = NetworkLayout.of(DIMENSION, shape, true);
    int codes = shape.codeDimension(DIMENSION);
    int learned = layout.length() - codes;
    assertThat(learned).isEqualTo(NetworkLayout.of(DIMENSION, shape, false).length());
    float[] codeGradients = randomFloats(ROWS * codes);
    try (PointerScope scope = new PointerScope();
        SubModel subModel = new SubModel(layout, true, 5, new Adam(), 0, 1, ComputeCrew.alone());
        CodePass pass =
            subModel.ad().forward(tensor(randomFloats(ROWS * DIMENSION), ROWS, DIMENSION), 2)) {
      assertThat(Arrays.copyOfRange(pass.codes(), 2 * codes, 3 * codes)).containsOnly(0f);
      float[] gradient = pass.backward(codeGradients.clone());
      assertThat(Arrays.copyOfRange(gradient, learned, layout.length()))
          .isEqualTo(Arrays.copyOfRange(codeGradients, 2 * codes, 3 * codes));
    }
  }

  /** Without the initial gain, codes of one layer would be larger than those of three. */
  @Test
  void codesStartAsLargeWhateverTheLayers() {
    NetworkLayout one = NetworkLayout.of(DIMENSION, SubModelShape.of(12), false);
    NetworkLayout two = NetworkLayout.of(DIMENSION, SubModelShape.SHORT, false);
    assertThat(one.tensors().get(0).deviation()).isEqualTo(0.5f / 4);
    assertThat(two.tensors().get(0).deviation()).isEqualTo(1f / 4);
    assertThat(two.tensors().get(3).deviation()).isEqualTo(0.5f / 8);
  }

  @Test
  void thereIsNoNetworkWithoutLayers() {
    assertThatThrownBy(() -> NetworkLayout.of(DIMENSION, SubModelShape.NONE, false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
