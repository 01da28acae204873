package io.dicm.feature.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.feature.decode.ImagePreprocessor;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.weights.WeightShape;
import io.dicm.feature.weights.WeightSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The network with weights that only pass values on, so that its output is known: the greatest of
 * each 32 x 32 block. Any exchange of axes, taps or flattening order would show.
 */
class TestVgg16Layout {
  private static final int SIDE = ImagePreprocessor.SIDE;
  private static final int BLOCK = 32;
  private static final int BLOCKS = SIDE / BLOCK;
  private static final int PASSED_CHANNELS = 5;
  private static final int TAPS = 9;
  private static final int TAP_ABOVE = 1;
  private static final int TAP_LEFT = 3;
  private static final int TAP_CENTER = 4;
  private static final float FC6_BIAS = 0.25f;

  private final FloatBuffer pictures = noise(2);

  @Test
  void outputsAreFlattenedByChannelThenRowThenColumn() throws IOException {
    float[] output;
    ExtractorDescription description =
        new ExtractorDescription("passing", "fc6", "none", "none", 4096, "float32");
    try (Vgg16Encoder encoder =
        new Vgg16Encoder(
            description, Vgg16Variant.plain(), new PassingWeights(), 1, ComputeDevice.PROCESSOR)) {
      output = encoder.encode(pictures, 2)[1];
    }

    for (int channel = 0; channel < PASSED_CHANNELS; channel++) {
      for (int row = 0; row < BLOCKS; row++) {
        for (int column = 0; column < BLOCKS; column++) {
          assertThat(output[(channel * BLOCKS + row) * BLOCKS + column])
              .as("channel %s, row %s, column %s", channel, row, column)
              .isCloseTo(expected(channel, row, column) + FC6_BIAS, within(1e-5f));
        }
      }
    }
    assertThat(Arrays.copyOfRange(output, PASSED_CHANNELS * BLOCKS * BLOCKS, output.length))
        .containsOnly(FC6_BIAS);
  }

  /** The second picture's greatest value in a block, of a color or of shifted red, above zero. */
  private float expected(int channel, int row, int column) {
    float greatest = 0;
    for (int y = row * BLOCK; y < (row + 1) * BLOCK; y++) {
      for (int x = column * BLOCK; x < (column + 1) * BLOCK; x++) {
        greatest = Math.max(greatest, channelValue(channel, y, x));
      }
    }
    return greatest;
  }

  private float channelValue(int channel, int y, int x) {
    return switch (channel) {
      case 3 -> y == 0 ? 0 : color(0, y - 1, x);
      case 4 -> x == 0 ? 0 : color(0, y, x - 1);
      default -> color(channel, y, x);
    };
  }

  private float color(int channel, int y, int x) {
    return pictures.get(ImagePreprocessor.FLOATS + (channel * SIDE + y) * SIDE + x);
  }

  /** Channels 0 to 2 pass on; the first layer adds red from above and red from the left. */
  private static final class PassingWeights implements WeightSource {
    @Override
    public void read(WeightShape weight, FloatSink sink) {
      if (weight.isBias()) {
        float[] bias = new float[(int) weight.count()];
        Arrays.fill(bias, weight.name().equals("classifier.0.bias") ? FC6_BIAS : 0);
        sink.accept(bias, bias.length);
        return;
      }
      for (int output = 0; output < weight.dimensions()[0]; output++) {
        float[] row = new float[(int) weight.fanIn()];
        int one = passedInput(weight.name(), output);
        if (one >= 0) {
          row[one] = 1;
        }
        sink.accept(row, row.length);
      }
    }

    /** Position in an output's weights of the one that is 1, or -1. */
    private static int passedInput(String name, int output) {
      if (name.equals("classifier.0.weight")) {
        return output < PASSED_CHANNELS * BLOCKS * BLOCKS ? output : -1;
      }
      if (name.equals("features.0.weight") && output == 3) {
        return TAP_ABOVE;
      }
      if (name.equals("features.0.weight") && output == 4) {
        return TAP_LEFT;
      }
      return output < PASSED_CHANNELS ? output * TAPS + TAP_CENTER : -1;
    }

    @Override
    public void close() {}
  }

  private static FloatBuffer noise(int count) {
    FloatBuffer batch =
        ByteBuffer.allocateDirect(Float.BYTES * count * ImagePreprocessor.FLOATS)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    Random random = new Random(4);
    for (int i = 0; i < batch.capacity(); i++) {
      batch.put(i, (float) random.nextGaussian() - 3f);
    }
    return batch;
  }
}
