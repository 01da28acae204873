package io.dicm.feature.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.feature.decode.ImagePreprocessor;
import io.dicm.feature.weights.RandomWeights;
import io.dicm.feature.weights.WeightShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TestVgg16Encoder {
  private static ImageEncoder encoder;

  @BeforeAll
  static void open() throws IOException {
    DicmConfiguration.registerDefaults();
    Configuration conf = new Configuration();
    Vgg16EncoderProvider provider = new Vgg16EncoderProvider();
    encoder = provider.open(conf, provider.describe(conf));
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  @Test
  void saysThatItsWeightsAreRandom() {
    assertThat(encoder.extractorId()).isEqualTo("vgg16-fc6-relu-random-seed17-crop224");
    assertThat(encoder.description().randomWeights()).isTrue();
    assertThat(encoder.dimension()).isEqualTo(4096);
  }

  @Test
  void givesVectorsAfterTheReluThatDifferByPicture() {
    float[][] vectors = encoder.encode(noise(2, 1), 2);

    assertThat(vectors).hasDimensions(2, 4096);
    assertThat(vectors[0]).isNotEqualTo(vectors[1]);
    int positive = 0;
    for (float value : vectors[0]) {
      assertThat(value).isGreaterThanOrEqualTo(0f).isLessThan(1000f);
      positive += value > 0 ? 1 : 0;
    }
    // He initialization keeps the scale: about half of the outputs pass the ReLU.
    assertThat(positive).isBetween(1000, 3100);
  }

  @Test
  void givesTheSameBitsTwice() {
    FloatBuffer batch = noise(1, 2);

    assertThat(encoder.encode(batch, 1)).isDeepEqualTo(encoder.encode(batch, 1));
  }

  @Test
  void batchesOneAfterTheOtherGiveTheSameBits() {
    FloatBuffer batch = noise(1, 4);
    float[] pixels = new float[ImagePreprocessor.FLOATS];
    batch.get(0, pixels);
    float[][] expected = encoder.encode(batch, 1);

    try (EncodingPipeline here = encoder.pipeline(1);
        EncodingPipeline asOnDevice = ((Vgg16Encoder) encoder).pipelineOnDevice(1)) {
      assertThat(here.depth()).isEqualTo(1);
      for (EncodingPipeline pipeline : List.of(here, asOnDevice)) {
        pipeline.put(0, pixels);
        pipeline.submit(1);
        assertThat(pipeline.take()).isDeepEqualTo(expected);
      }
    }
  }

  @Test
  void vectorDoesNotDependOnTheRestOfTheBatch() {
    FloatBuffer three = noise(3, 3);
    FloatBuffer last = buffer(1);
    for (int i = 0; i < ImagePreprocessor.FLOATS; i++) {
      last.put(i, three.get(2 * ImagePreprocessor.FLOATS + i));
    }

    float[] alone = encoder.encode(last, 1)[0];
    float[] within = encoder.encode(three, 3)[2];

    assertThat(within).usingComparatorWithPrecision(1e-5f).containsExactly(alone);
  }

  @Test
  void refusesABufferThatIsTooSmall() {
    assertThatThrownBy(() -> encoder.encode(buffer(1), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Batch of 2 pictures needs a direct buffer of 301056 floats, was 150528");
  }

  @Test
  void aSeedMeansTheSameWeightsForAllTime() throws IOException {
    WeightShape first = Vgg16Architecture.weights().get(0);
    float[] values = new float[3];
    new RandomWeights(17)
        .read(first, (chunk, count) -> System.arraycopy(chunk, 0, values, 0, values.length));

    assertThat(values).containsExactly(SEED_17, within(1e-9f));
  }

  @Test
  void randomWeightsHaveHesVarianceAndBiasesAreZero() throws IOException {
    double[] sums = new double[2];
    WeightShape weight = Vgg16Architecture.weights().get(4); // [128, 64, 3, 3]
    new RandomWeights(1)
        .read(
            weight,
            (chunk, count) -> {
              for (int i = 0; i < count; i++) {
                sums[0] += chunk[i];
                sums[1] += (double) chunk[i] * chunk[i];
              }
            });

    assertThat(weight.name()).isEqualTo("features.5.weight");
    assertThat(sums[0] / weight.count()).isCloseTo(0, within(1e-3));
    assertThat(sums[1] / weight.count()).isCloseTo(2.0 / (64 * 9), within(5e-5));
    new RandomWeights(1)
        .read(
            Vgg16Architecture.weights().get(5),
            (chunk, count) -> assertThat(chunk).containsOnly(0f));
  }

  private static final float[] SEED_17 = {0.32648444f, -0.2870933f, -0.051102657f};

  private static FloatBuffer noise(int count, long seed) {
    FloatBuffer batch = buffer(count);
    Random random = new Random(seed);
    for (int i = 0; i < batch.capacity(); i++) {
      batch.put(i, (float) random.nextGaussian());
    }
    return batch;
  }

  private static FloatBuffer buffer(int count) {
    return ByteBuffer.allocateDirect(Float.BYTES * count * ImagePreprocessor.FLOATS)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}
