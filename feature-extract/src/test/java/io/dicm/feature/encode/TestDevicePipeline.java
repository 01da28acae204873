package io.dicm.feature.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.feature.decode.Preprocessing;
import io.dicm.feature.decode.ResizeRule;
import io.dicm.feature.device.ComputeDevice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of batches and what happens to their memory, on the processor; no GPU is needed. */
class TestDevicePipeline {
  private static final int BATCH = 3;
  private static final int HEIGHT = 2;
  private static final int WIDTH = 3;
  private static final int FLOATS = 3 * HEIGHT * WIDTH;
  private static final Preprocessing PREPROCESSING =
      new Preprocessing(
          HEIGHT, WIDTH, ResizeRule.STRETCH, 0, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));

  /** Pictures of the batches that networks got. */
  private final List<Long> computed = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({"1", "3", "4", "11", "12", "13"})
  void vectorsComeInTheOrderOfPicturesAlsoOfALastBatchThatIsNotFull(int pictures) {
    List<Float> found = new ArrayList<>();
    Deque<Integer> sizes = new ArrayDeque<>();
    try (EncodingPipeline pipeline = pipeline(this::pixels)) {
      for (int from = 0; from < pictures; from += BATCH) {
        int count = Math.min(BATCH, pictures - from);
        for (int i = 0; i < count; i++) {
          pipeline.put(i, picture(from + i));
        }
        pipeline.submit(count);
        sizes.add(count);
        if (sizes.size() == pipeline.depth()) {
          addFirstValues(pipeline.take(), sizes.remove(), found);
        }
      }
      while (!sizes.isEmpty()) {
        addFirstValues(pipeline.take(), sizes.remove(), found);
      }
    }

    List<Float> expected = new ArrayList<>();
    for (int i = 0; i < pictures; i++) {
      expected.add((float) i);
    }
    assertThat(found).isEqualTo(expected);
    assertThat(computed).as("whole batches").containsOnly((long) BATCH);
  }

  @Test
  void twoBatchesAreUnderWayAtATime() {
    try (EncodingPipeline pipeline = pipeline(this::pixels)) {
      assertThat(pipeline.depth()).isEqualTo(2);
      submitOne(pipeline, 1);
      submitOne(pipeline, 2);
      assertThatThrownBy(() -> pipeline.put(0, picture(3)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("2 batches are under way: one has to be taken first");
      assertThatThrownBy(() -> pipeline.submit(1)).isInstanceOf(IllegalStateException.class);

      assertThat(pipeline.take()[0][0]).isEqualTo(1);
      submitOne(pipeline, 3);
      assertThat(pipeline.take()[0][0]).isEqualTo(2);
      assertThat(pipeline.take()[0][0]).isEqualTo(3);
      assertThatThrownBy(pipeline::take)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("No batch is under way");
    }
  }

  @Test
  void aBatchThatFailsLeavesTheOthersAndItsMemory() {
    DevicePipeline.Network failing =
        pictures -> {
          if (pictures.select(0, 0).max().item_float() == 13) {
            throw new IllegalStateException("out of memory");
          }
          return pixels(pictures);
        };
    try (EncodingPipeline pipeline = pipeline(failing)) {
      submitOne(pipeline, 1);
      // More often than there are slots.
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> submitOne(pipeline, 13))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("out of memory");
      }
      submitOne(pipeline, 2);
      assertThat(pipeline.take()[0][0]).isEqualTo(1);
      assertThat(pipeline.take()[0][0]).isEqualTo(2);
    }
  }

  @Test
  void vectorsOfAnotherShapeAreAnErrorOfTheirBatch() {
    try (EncodingPipeline pipeline = pipeline(pictures -> pictures.view(BATCH * FLOATS / 2, 2))) {
      assertThatThrownBy(() -> submitOne(pipeline, 1)).isInstanceOf(RuntimeException.class);
      assertThatThrownBy(pipeline::take).hasMessage("No batch is under way");
    }
  }

  @Test
  void isClosedWithBatchesUnderWay() {
    EncodingPipeline pipeline = pipeline(this::pixels);
    submitOne(pipeline, 1);
    submitOne(pipeline, 2);
    pipeline.close();
    pipeline.close();

    assertThatThrownBy(() -> pipeline.put(0, picture(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The pipeline is closed");
    assertThatThrownBy(pipeline::take).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesWhatIsNoPlaceInABatch() {
    try (EncodingPipeline pipeline = pipeline(this::pixels)) {
      assertThatThrownBy(() -> pipeline.put(BATCH, picture(1)))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("Picture was 3 of 3");
      for (int count : new int[] {0, BATCH + 1}) {
        assertThatThrownBy(() -> pipeline.submit(count))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("Pictures were " + count + ", allowed 1 to 3");
      }
    }
  }

  private static EncodingPipeline pipeline(DevicePipeline.Network network) {
    return new DevicePipeline(
        ComputeDevice.PROCESSOR, new BatchShape(BATCH, PREPROCESSING, FLOATS), network);
  }

  /** A picture's vector is its values. */
  private Tensor pixels(Tensor pictures) {
    computed.add(pictures.size(0));
    return pictures.view(pictures.size(0), FLOATS);
  }

  private static void submitOne(EncodingPipeline pipeline, int number) {
    pipeline.put(0, picture(number));
    pipeline.submit(1);
  }

  private static void addFirstValues(float[][] vectors, int count, List<Float> values) {
    assertThat(vectors).hasDimensions(count, FLOATS);
    for (float[] vector : vectors) {
      values.add(vector[0]);
      assertThat(vector).containsOnly(vector[0]);
    }
  }

  private static float[] picture(int number) {
    float[] pixels = new float[FLOATS];
    Arrays.fill(pixels, number);
    return pixels;
  }
}
