package io.dicm.feature.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.feature.decode.ImagePreprocessor;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TestDirectPipeline {
  private final EncodingPipeline pipeline =
      new MeanColorEncoder(new ExtractorDescription("mean", "mean", "none", "none", 3, "float32"))
          .pipeline(2);

  @AfterEach
  void close() {
    pipeline.close();
  }

  @Test
  void batchesOfAnySizeComeOneAfterTheOther() {
    pipeline.put(0, gray(1));
    pipeline.put(1, gray(2));
    pipeline.submit(2);
    assertThat(pipeline.take()).isDeepEqualTo(new float[][] {{1, 1, 1}, {2, 2, 2}});

    pipeline.put(0, gray(3));
    pipeline.submit(1);
    assertThat(pipeline.take()).isDeepEqualTo(new float[][] {{3, 3, 3}});
  }

  @Test
  void aBatchIsTakenBeforeTheNextOneIsPutTogether() {
    assertThat(pipeline.depth()).isEqualTo(1);
    assertThatThrownBy(pipeline::take)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("No batch is under way");

    pipeline.put(0, gray(1));
    pipeline.submit(1);
    assertThatThrownBy(() -> pipeline.put(0, gray(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("A batch is under way: it has to be taken first");
    assertThatThrownBy(() -> pipeline.submit(1)).isInstanceOf(IllegalStateException.class);
    assertThat(pipeline.take()).isDeepEqualTo(new float[][] {{1, 1, 1}});
  }

  private static float[] gray(float value) {
    float[] pixels = new float[ImagePreprocessor.FLOATS];
    Arrays.fill(pixels, value);
    return pixels;
  }
}
