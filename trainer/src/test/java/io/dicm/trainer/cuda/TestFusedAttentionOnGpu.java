package io.dicm.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.Gpus;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside the formula, twice the same. */
class TestFusedAttentionOnGpu {
  private static final int IMPRESSIONS = 900;
  private static final int BEHAVIORS = 1200;

  @ParameterizedTest
  @ValueSource(ints = {12, 64})
  void equalsTheFormula(int codeWidth, @TempDir Path folder) {
    ComputeDevice device = Gpus.firstOrStandIn(folder);
    ReferenceAttention given = reference(codeWidth);
    ReferenceAttention.Result expected = given.run();
    try (FusedAttentionKernel kernel = new FusedAttentionKernel(device, codeWidth);
        PointerScope scope = new PointerScope()) {
      PairTensors pairs =
          PairTensors.of(PairIndex.of(given.behaviorOfPair, given.begins, BEHAVIORS), device);
      PairwiseAttention.Tables tables =
          new PairwiseAttention.Tables(
              table(device, given.ofCodes),
              table(device, given.ofQueries),
              table(device, given.codes));
      AttentionLayers layers =
          new AttentionLayers(
              table(device, given.firstSlope),
              table(device, given.w1),
              table(device, given.b1),
              table(device, given.secondSlope),
              table(device, given.w2),
              table(device, given.b2));
      PairwiseAttention.Output output = kernel.forward(pairs, tables, layers);
      Tensor ofOutput = table(device, given.ofOutput);
      PairwiseAttention.Gradients found = kernel.backward(pairs, tables, layers, ofOutput);
      PairwiseAttention.Gradients again = kernel.backward(pairs, tables, layers, ofOutput);

      assertClose("weights", device, output.weights(), expected.weights);
      assertClose("pooled", device, output.pooled(), expected.pooled);
      assertClose("of queries", device, found.ofQueries(), expected.ofQueries);
      assertClose("of the first layer's codes", device, found.ofCodes(), expected.ofCodes);
      assertClose("of codes", device, found.codes(), expected.codes);
      AttentionLayers ofLayers = found.layers();
      assertClose("of W1", device, ofLayers.secondWeight(), expected.w1);
      assertClose("of b1", device, ofLayers.secondBias(), expected.b1);
      assertClose("of w2", device, ofLayers.lastWeight(), expected.w2);
      assertSum("of b2", device, ofLayers.lastBias(), expected.b2, expected.b2Magnitude);
      assertSum(
          "of the first slope",
          device,
          ofLayers.firstSlope(),
          expected.firstSlope,
          expected.firstSlopeMagnitude);
      assertSum(
          "of the second slope",
          device,
          ofLayers.secondSlope(),
          expected.secondSlope,
          expected.secondSlopeMagnitude);
      assertThat(device.read(again.ofCodes())).isEqualTo(device.read(found.ofCodes()));
      assertThat(device.read(again.ofQueries())).isEqualTo(device.read(found.ofQueries()));
      assertThat(device.read(again.layers().secondWeight()))
          .isEqualTo(device.read(ofLayers.secondWeight()));
      device.synchronize();
    }
  }

  /** Half of all impressions ask about behavior 0; every 7th has none. */
  private static ReferenceAttention reference(int codeWidth) {
    Random random = new Random(21);
    int[] begins = new int[IMPRESSIONS];
    int[] pairs = new int[IMPRESSIONS * 40];
    int count = 0;
    for (int impression = 0; impression < IMPRESSIONS; impression++) {
      begins[impression] = count;
      for (int i = impression % 7 == 0 ? 0 : 1 + random.nextInt(39); i > 0; i--) {
        pairs[count++] = i == 1 && impression % 2 == 0 ? 0 : random.nextInt(BEHAVIORS);
      }
    }
    return new ReferenceAttention(
        Arrays.copyOf(pairs, count), begins, BEHAVIORS, codeWidth, random);
  }

  private static Tensor table(ComputeDevice device, double[]... rows) {
    double[] values = flat(rows);
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return device.of(floats, rows.length, rows[0].length);
  }

  private static double[] flat(double[]... rows) {
    return Stream.of(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  private static void assertClose(
      String what, ComputeDevice device, Tensor tensor, double[]... rows) {
    float[] found = device.read(tensor);
    double[] expected = flat(rows);
    assertThat(found).as(what).hasSameSizeAs(expected);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    double worst = 0;
    for (int i = 0; i < found.length; i++) {
      worst = Math.max(worst, Math.abs(found[i] - expected[i]));
    }
    assertThat(worst).as(what).isCloseTo(0, within(2e-5 * largest));
  }

  /**
   * One sum over 15,000 pairs, which with these values is a thousandth of its terms' magnitudes or
   * less. A pair's share of those is forty times what is allowed; what float rounds is a sixth of
   * that even where all is added up one after the other.
   */
  private static void assertSum(
      String what, ComputeDevice device, Tensor tensor, double[] expected, double magnitude) {
    float[] found = device.read(tensor);
    assertThat(found).as(what).hasSize(1);
    assertThat((double) found[0]).as(what).isCloseTo(expected[0], within(5e-7 * magnitude));
  }
}
