package io.dicm.feature.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.feature.decode.ImagePreprocessor;
import io.dicm.feature.decode.ResizeRule;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.Gpus;
import io.dicm.feature.weights.RandomWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors of a GPU beside the processor's. */
class TestVgg16OnGpu {
  @TempDir private static Path folder;

  private static final int BATCH = 2;
  private static final int PICTURES = 3;

  /** Batches that are not full, among them the first and the last. */
  private static final int[] COUNTS = {1, 2, 2, 1};

  @ParameterizedTest
  @CsvSource({"FLOAT32, 0.99999", "BFLOAT16, 0.999", "FLOAT16, 0.9999"})
  void picturesHaveTheProcessorsVectorsInWhateverBatchTheyAre(Precision precision, double least)
      throws IOException {
    ComputeDevice gpu = Gpus.firstOrStandIn(folder);
    Arithmetic.FLOAT32.useForProcess();
    float[][] pictures = pictures();
    float[][] exact = exact(pictures);

    List<float[]> vectors = new ArrayList<>();
    try (Vgg16Encoder encoder = open(precision, gpu);
        EncodingPipeline pipeline = encoder.pipeline(BATCH)) {
      assertThat(encoder.usesKernel()).isTrue();
      assertThat(pipeline.depth()).isEqualTo(2);
      int underWay = 0;
      int next = 0;
      for (int count : COUNTS) {
        for (int i = 0; i < count; i++) {
          pipeline.put(i, pictures[next++ % PICTURES]);
        }
        pipeline.submit(count);
        underWay++;
        if (underWay == pipeline.depth()) {
          vectors.addAll(List.of(pipeline.take()));
          underWay--;
        }
      }
      vectors.addAll(List.of(pipeline.take()));
    }

    assertThat(vectors).hasSize(6);
    for (int i = 0; i < vectors.size(); i++) {
      assertThat(TestVgg16Vectors.cosine(vectors.get(i), doubles(exact[i % PICTURES])))
          .as("picture %s", i)
          .isGreaterThan(least);
    }
  }

  private static float[][] exact(float[][] pictures) throws IOException {
    try (Vgg16Encoder encoder = open(Precision.FLOAT32, ComputeDevice.PROCESSOR);
        EncodingPipeline pipeline = encoder.pipeline(PICTURES)) {
      for (int i = 0; i < PICTURES; i++) {
        pipeline.put(i, pictures[i]);
      }
      pipeline.submit(PICTURES);
      return pipeline.take();
    }
  }

  private static Vgg16Encoder open(Precision precision, ComputeDevice device) throws IOException {
    Vgg16Variant variant = new Vgg16Variant(Vgg16Layer.FC6, precision, ResizeRule.CROP);
    return new Vgg16Encoder(
        variant.description("test", "none"), variant, new RandomWeights(5), 2, device);
  }

  private static float[][] pictures() {
    float[][] pictures = new float[PICTURES][ImagePreprocessor.FLOATS];
    Random random = new Random(6);
    for (int picture = 0; picture < PICTURES; picture++) {
      for (int i = 0; i < pictures[picture].length; i++) {
        // Stripes of another width each, and noise.
        double stripes = Math.sin(i * 0.05 * (picture + 1));
        pictures[picture][i] = (float) (stripes + 0.3 * random.nextGaussian());
      }
    }
    return pictures;
  }

  private static double[] doubles(float[] values) {
    double[] copy = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      copy[i] = values[i];
    }
    return copy;
  }
}
