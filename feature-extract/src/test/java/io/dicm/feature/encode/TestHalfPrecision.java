package io.dicm.feature.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class TestHalfPrecision {
  private static final float LARGEST_HALF = 65_504;

  private final Configuration conf = new Configuration();

  TestHalfPrecision() {
    DicmConfiguration.registerDefaults();
    conf.reloadConfiguration();
    conf.set(DicmKeys.EXTRACT_ENCODER, "mean-color");
  }

  @Test
  void isAnotherExtractor() throws IOException {
    ExtractorDescription exact = EncoderProviders.configured(conf).describe(conf);
    assertThat(exact.halfPrecision()).isFalse();

    conf.set(DicmKeys.EXTRACT_VECTOR_PRECISION, "float16");
    EncoderProvider provider = EncoderProviders.configured(conf);
    ExtractorDescription rounded = provider.describe(conf);
    assertThat(rounded.halfPrecision()).isTrue();
    assertThat(rounded.elementType()).isEqualTo("float16");
    assertThat(rounded.extractorId()).isEqualTo(exact.extractorId() + "-float16");
    assertThat(rounded.dimension()).isEqualTo(exact.dimension());
    try (ImageEncoder encoder = provider.open(conf, rounded)) {
      assertThat(encoder.extractorId()).isEqualTo(rounded.extractorId());
    }
  }

  /** Ties may go either way: Java 17 has no conversion of its own, and JavaCPP's rounds them up. */
  @Test
  void roundsToTheNearestAsLibtorchDoes() {
    Random random = new Random(1);
    float[] values = new float[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(12) - 8));
    }
    float[] expected = libtorch(values);
    float[] rounded = encode(values);
    for (int i = 0; i < values.length; i++) {
      double nearest = Math.abs((double) expected[i] - values[i]);
      assertThat(Math.abs((double) rounded[i] - values[i])).isEqualTo(nearest);
    }
    assertThat(libtorch(rounded)).as("nothing is left to round").isEqualTo(rounded);
  }

  @Test
  void keepsTheEndsOfItsRange() {
    assertThat(encode(LARGEST_HALF, -LARGEST_HALF, 0, -0f, 0x1p-24f))
        .containsExactly(LARGEST_HALF, -LARGEST_HALF, 0, -0f, 0x1p-24f);
    assertThat(encode(70_000, -70_000, Float.NaN))
        .containsExactly(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN);
  }

  private static float[] encode(float... vector) {
    ExtractorDescription description =
        new ExtractorDescription("given", "given", "none", "none", vector.length, "float32");
    ImageEncoder given =
        new ImageEncoder() {
          @Override
          public ExtractorDescription description() {
            return description;
          }

          @Override
          public float[][] encode(FloatBuffer batch, int count) {
            return new float[][] {vector.clone()};
          }

          @Override
          public void close() {}
        };
    try (ImageEncoder half = new HalfPrecisionEncoder(given, description.inHalfPrecision())) {
      return half.encode(FloatBuffer.allocate(0), 1)[0];
    }
  }

  private static float[] libtorch(float... values) {
    try (PointerScope scope = new PointerScope()) {
      Tensor rounded = torch.tensor(values).to(ScalarType.Half).to(ScalarType.Float);
      float[] result = new float[values.length];
      new FloatPointer(rounded.data_ptr()).get(result);
      return result;
    }
  }
}
