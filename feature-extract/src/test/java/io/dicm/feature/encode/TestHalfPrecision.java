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

  @Test
  void roundsAsLibtorchDoes() {
    Random random = new Random(1);
    float[] values = new float[100_000];
    for (int i = 0; i < values.length; i++) {
      float any = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(16) - 10));
      // Every second one is a tie or next to one: only the first bits beyond a half's are set.
      values[i] =
          i % 2 == 0
              ? any
              : Float.intBitsToFloat((Float.floatToIntBits(any) & -0x1000) + random.nextInt(3) - 1);
    }
    assertThat(encode(values)).isEqualTo(libtorch(values));
  }

  @Test
  void keepsTheEndsOfItsRange() {
    assertThat(encode(LARGEST_HALF, -LARGEST_HALF, 0, -0f, 0x1p-24f))
        .containsExactly(LARGEST_HALF, -LARGEST_HALF, 0, -0f, 0x1p-24f);
    assertThat(encode(Math.nextDown(65_520f), 65_520, -70_000, Float.NaN, 0x1p-25f))
        .containsExactly(
            LARGEST_HALF, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 0);
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
      float[] rounded = half.encode(FloatBuffer.allocate(0), 1)[0];
      try (EncodingPipeline pipeline = half.pipeline(1)) {
        pipeline.submit(1);
        assertThat(pipeline.take()[0]).isEqualTo(rounded);
      }
      return rounded;
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
