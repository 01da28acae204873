package io.dicm.feature.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.feature.decode.ImagePreprocessor;
import io.dicm.feature.decode.ResizeRule;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.weights.RandomWeights;
import io.dicm.feature.weights.WeightShape;
import io.dicm.feature.weights.WeightSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The whole network against another implementation: plain loops in double precision, written from
 * the formulas of a convolution, a ReLU, a max pooling and a linear layer.
 */
class TestVgg16Vectors {
  private static final int SIDE = ImagePreprocessor.SIDE;
  private static final FloatBuffer PICTURE = picture();
  private static double[] expected;

  @BeforeAll
  static void computeSlowly() throws IOException {
    expected = new SlowVgg16(new WeightsWithBiases()).fc6(PICTURE);
  }

  @Test
  void fc6EqualsPlainLoopsInDoublePrecision() throws IOException {
    assertNear(encode(Vgg16Layer.FC6, Precision.FLOAT32));
    assertThat(Arrays.stream(expected).min().orElseThrow()).isNegative();
  }

  private static void assertNear(float[] vector) {
    assertThat(cosine(vector, expected)).isGreaterThanOrEqualTo(0.99999);
    double greatest = 0;
    for (int i = 0; i < vector.length; i++) {
      greatest = Math.max(greatest, Math.abs(vector[i] - expected[i]));
    }
    assertThat(greatest).isLessThan(1e-3 * norm(expected) / Math.sqrt(expected.length));
  }

  @Test
  void theReluIsWhatMakesTheOtherLayerWithMappedWeightsToo() throws IOException {
    float[] vector = encode(Vgg16Layer.FC6_RELU, Precision.FLOAT32, new MappedWeights());
    double[] positive = expected.clone();
    for (int i = 0; i < positive.length; i++) {
      positive[i] = Math.max(0, positive[i]);
    }

    assertThat(cosine(vector, positive)).isGreaterThanOrEqualTo(0.99999);
    for (float value : vector) {
      assertThat(value).isGreaterThanOrEqualTo(0f);
    }
  }

  @Test
  void bfloat16ComesNearAndIsAnotherArithmetic() throws IOException {
    float[] vector = encode(Vgg16Layer.FC6, Precision.BFLOAT16);

    assertThat(cosine(vector, expected)).isBetween(0.99, 0.9999999);
  }

  @Test
  void byADevicesPipelineTheVectorsHaveTheSameBits() throws IOException {
    float[] pixels = new float[ImagePreprocessor.FLOATS];
    PICTURE.get(0, pixels);
    Vgg16Variant variant =
        new Vgg16Variant(Vgg16Layer.FC6_RELU, Precision.BFLOAT16, ResizeRule.CROP);
    try (Vgg16Encoder encoder = open(variant, new WeightsWithBiases());
        EncodingPipeline pipeline = encoder.pipelineOnDevice(1)) {
      pipeline.put(0, pixels);
      pipeline.submit(1);

      assertThat(pipeline.take()).isDeepEqualTo(encoder.encode(PICTURE, 1));
    }
  }

  /** As on a GPU; on the processor this order is only slower. */
  @Test
  void biasesAndReluAfterThePoolingGiveTheSameVector() throws IOException {
    float[] vector = new float[expected.length];
    try (Vgg16Layers layers =
            Vgg16Layers.load(
                new WeightsWithBiases(),
                Precision.FLOAT32,
                ComputeDevice.PROCESSOR,
                TorchConvolutionLayer.POOLING_FIRST);
        PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard()) {
      ComputeDevice.PROCESSOR.read(
          layers.fc6(PictureBatch.tensor(PICTURE, 1, Vgg16Variant.plain().preprocessing())),
          vector,
          0,
          vector.length);
    }

    assertNear(vector);
  }

  @ParameterizedTest
  @EnumSource(names = {"Float", "BFloat16", "Half"})
  void thePoolingLeavesBiasesAndReluTheirBits(ScalarType type) {
    torch.manual_seed(1);
    try (PointerScope scope = new PointerScope()) {
      Tensor sums = torch.randn(2, 64, 8, 8).to(type);
      // Large beside the sums: rounding makes neighbours equal. So many that some are positive.
      Tensor bias = torch.randn(64).multiply(new Scalar(20)).to(type).view(-1, 1, 1);
      Tensor after = torch.max_pool2d(sums, 2, 2).add(bias).relu();
      Tensor before = torch.max_pool2d(sums.add(bias).relu(), 2, 2);

      assertThat(after.equal(before)).isTrue();
      assertThat(after.gt(new Scalar(0)).sum().item_long()).isPositive();
    }
  }

  private static float[] encode(Vgg16Layer layer, Precision precision) throws IOException {
    return encode(layer, precision, new WeightsWithBiases());
  }

  private static float[] encode(Vgg16Layer layer, Precision precision, WeightSource weights)
      throws IOException {
    Vgg16Variant variant = new Vgg16Variant(layer, precision, ResizeRule.CROP);
    try (Vgg16Encoder encoder = open(variant, weights)) {
      return encoder.encode(PICTURE, 1)[0];
    }
  }

  private static Vgg16Encoder open(Vgg16Variant variant, WeightSource weights) throws IOException {
    ExtractorDescription description = variant.description("test", "none");
    return new Vgg16Encoder(description, variant, weights, 2, ComputeDevice.PROCESSOR);
  }

  static double cosine(float[] one, double[] other) {
    double product = 0;
    double square = 0;
    for (int i = 0; i < one.length; i++) {
      product += one[i] * other[i];
      square += (double) one[i] * one[i];
    }
    return product / (Math.sqrt(square) * norm(other));
  }

  private static double norm(double[] values) {
    double square = 0;
    for (double value : values) {
      square += value * value;
    }
    return Math.sqrt(square);
  }

  private static FloatBuffer picture() {
    FloatBuffer picture =
        ByteBuffer.allocateDirect(Float.BYTES * ImagePreprocessor.FLOATS)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    Random random = new Random(8);
    for (int i = 0; i < picture.capacity(); i++) {
      // Stripes of several widths and noise.
      double stripes = Math.sin(i * 0.11) + Math.cos((double) i / SIDE * 0.3);
      picture.put(i, (float) (stripes + 0.3 * random.nextGaussian()));
    }
    return picture;
  }

  /** Random weights, and biases that matter. */
  private static class WeightsWithBiases implements WeightSource {
    private final RandomWeights weights = new RandomWeights(5);

    @Override
    public void read(WeightShape weight, FloatSink sink) {
      if (!weight.isBias()) {
        weights.read(weight, sink);
        return;
      }
      Random random = new Random(weight.name().hashCode());
      float[] values = new float[(int) weight.count()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (0.2 * random.nextGaussian());
      }
      sink.accept(values, values.length);
    }

    @Override
    public void close() {}
  }

  /** The same, with FC6's weights as a mapped file gives them: outside the heap, read-only. */
  private static final class MappedWeights extends WeightsWithBiases {
    @Override
    public Optional<FloatBuffer> map(WeightShape weight) {
      FloatBuffer values =
          ByteBuffer.allocateDirect((int) (Float.BYTES * weight.count()))
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      super.read(weight, (chunk, count) -> values.put(chunk, 0, count));
      return Optional.of(values.clear().asReadOnlyBuffer());
    }

    @Override
    public void read(WeightShape weight, FloatSink sink) {
      assertThat(weight.name()).startsWith("features.");
      super.read(weight, sink);
    }
  }

  /** VGG16 up to FC6 without its ReLU. */
  private static final class SlowVgg16 {
    private final WeightSource weights;

    SlowVgg16(WeightSource weights) {
      this.weights = weights;
    }

    double[] fc6(FloatBuffer picture) throws IOException {
      int side = SIDE;
      double[][] planes = new double[3][side * side];
      for (int i = 0; i < 3 * side * side; i++) {
        planes[i / (side * side)][i % (side * side)] = picture.get(i);
      }
      List<WeightShape> shapes = new ArrayList<>(Vgg16Architecture.weights());
      int next = 0;
      for (int convolutions : new int[] {2, 2, 3, 3, 3}) {
        for (int i = 0; i < convolutions; i++, next += 2) {
          planes = convolution(planes, side, shapes.get(next), shapes.get(next + 1));
        }
        planes = maxPooling(planes, side);
        side /= 2;
      }
      return linear(planes, shapes.get(next), shapes.get(next + 1));
    }

    /** out[o][y][x] = max(0, bias[o] + sum of w[o][i][ky][kx] * in[i][y + ky - 1][x + kx - 1]). */
    private double[][] convolution(double[][] in, int side, WeightShape weight, WeightShape bias)
        throws IOException {
      float[] w = all(weight);
      float[] b = all(bias);
      double[][] out = new double[b.length][side * side];
      for (int o = 0; o < out.length; o++) {
        Arrays.fill(out[o], b[o]);
        for (int i = 0; i < in.length; i++) {
          for (int ky = 0; ky < 3; ky++) {
            addRows(in[i], out[o], side, ky - 1, w, (o * in.length + i) * 9 + ky * 3);
          }
        }
        for (int p = 0; p < out[o].length; p++) {
          out[o][p] = Math.max(0, out[o][p]);
        }
      }
      return out;
    }

    /** The three taps of one kernel row at once, which begin at {@code tap}. */
    private static void addRows(
        double[] in, double[] out, int side, int down, float[] weights, int tap) {
      double ofLeft = weights[tap];
      double ofMiddle = weights[tap + 1];
      double ofRight = weights[tap + 2];
      for (int y = Math.max(0, -down); y < Math.min(side, side - down); y++) {
        int at = y * side;
        int last = at + side - 1;
        int ahead = down * side + 1;
        double left = 0;
        double middle = in[at + down * side];
        for (; at < last; at++) {
          double right = in[at + ahead];
          out[at] += ofLeft * left + ofMiddle * middle + ofRight * right;
          left = middle;
          middle = right;
        }
        out[last] += ofLeft * left + ofMiddle * middle;
      }
    }

    private static double[][] maxPooling(double[][] in, int side) {
      int half = side / 2;
      double[][] out = new double[in.length][half * half];
      for (int c = 0; c < in.length; c++) {
        for (int y = 0; y < half; y++) {
          for (int x = 0; x < half; x++) {
            int at = 2 * y * side + 2 * x;
            out[c][y * half + x] =
                Math.max(
                    Math.max(in[c][at], in[c][at + 1]),
                    Math.max(in[c][at + side], in[c][at + side + 1]));
          }
        }
      }
      return out;
    }

    /** out[o] = bias[o] + sum of w[o][c * 49 + y * 7 + x] * in[c][y][x]. */
    private double[] linear(double[][] in, WeightShape weight, WeightShape bias)
        throws IOException {
      int inputs = in.length * in[0].length;
      double[] flat = new double[inputs];
      for (int c = 0; c < in.length; c++) {
        System.arraycopy(in[c], 0, flat, c * in[c].length, in[c].length);
      }
      float[] b = all(bias);
      double[] out = new double[b.length];
      for (int o = 0; o < out.length; o++) {
        out[o] = b[o];
      }
      int[] at = {0, 0};
      weights.read(
          weight,
          (values, count) -> {
            int o = at[0];
            int input = at[1];
            for (int i = 0; i < count; i++) {
              out[o] += values[i] * flat[input];
              if (++input == inputs) {
                input = 0;
                o++;
              }
            }
            at[0] = o;
            at[1] = input;
          });
      return out;
    }

    private float[] all(WeightShape shape) throws IOException {
      FloatBuffer all = FloatBuffer.allocate((int) shape.count());
      weights.read(shape, (values, count) -> all.put(values, 0, count));
      return all.array();
    }
  }
}
