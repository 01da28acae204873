package io.dicm.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.feature.device.ComputeDevice;
import io.dicm.trainer.cuda.LoopedAttention;
import io.dicm.trainer.network.Parameters;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The algebra around the kernel, beside the plain pass; the kernel itself is loops here. */
class TestFusedAttentionPass {
  private static final ComputeDevice PROCESSOR = ComputeDevice.PROCESSOR;
  private static final String NAME = "attention.x";

  static Stream<Arguments> bags() {
    SplittableRandom random = new SplittableRandom(4);
    int[] offsets = new int[30];
    for (int bag = 1; bag < offsets.length; bag++) {
      offsets[bag] = offsets[bag - 1] + random.nextInt(7);
    }
    int[] rows = random.ints(offsets[29] + 5, 0, 11).toArray();
    return Stream.of(
        Arguments.of("ragged", new Bags(rows, offsets), 12, 5, 4),
        Arguments.of("a behavior nobody has", new Bags(rows, offsets), 14, 3, 3),
        Arguments.of(
            "empty first and last", new Bags(new int[] {1, 0, 1}, new int[] {0, 0, 3}), 2, 3, 6),
        Arguments.of("one impression", new Bags(new int[] {2, 0}, new int[] {0}), 3, 3, 1),
        Arguments.of("no behaviors", new Bags(new int[0], new int[] {0, 0}), 1, 4, 2));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bags")
  void equalsThePlainPass(String name, Bags bags, int behaviors, int codeWidth, int queryWidth) {
    try (PointerScope scope = new PointerScope()) {
      SplittableRandom random = new SplittableRandom(9);
      Tensor codes = values(random, behaviors, codeWidth);
      Tensor query = values(random, bags.count(), queryWidth);
      Tensor wide = values(random, bags.count(), 2 * codeWidth + 1);
      // A part of the network's input, as passes get it.
      Tensor gradient = wide.narrow(1, 1, codeWidth);
      Parameters parameters = parameters(random, codeWidth + queryWidth);
      LoopedAttention loops = new LoopedAttention();

      Result plain =
          run(AttentionKernels.plain(), bags, codes, query, parameters, gradient.contiguous());
      Result fused = run(AttentionKernels.fused(loops), bags, codes, query, parameters, gradient);

      assertThat(loops.passes()).isEqualTo(2);
      assertClose("output", fused.output, plain.output);
      assertClose("codes", fused.back.codes(), plain.back.codes());
      assertClose("query", fused.back.query(), plain.back.query());
      assertThat(fused.back.parameters().keySet())
          .isEqualTo(plain.back.parameters().keySet())
          .isEqualTo(parameters.byName().keySet());
      plain
          .back
          .parameters()
          .forEach(
              (parameter, expected) ->
                  assertClose(parameter, fused.back.parameters().get(parameter), expected));
    }
  }

  private record Result(Tensor output, AttentionChannelPass.Gradients back) {}

  private static Result run(
      AttentionKernels kernels,
      Bags bags,
      Tensor codes,
      Tensor query,
      Parameters parameters,
      Tensor gradient) {
    NetworkIndices indices =
        new NetworkIndices(0, new int[0], Bags.NONE, Bags.NONE, Bags.NONE, bags);
    try (PreparedIndices prepared = new PreparedIndices(indices, PROCESSOR, kernels)) {
      AttentionChannelPass pass = kernels.channels(prepared, codes).begin(NAME, query, parameters);
      return new Result(pass.output(), pass.backward(gradient));
    }
  }

  private static Parameters parameters(SplittableRandom random, int inputs) {
    Map<String, Tensor> byName = new HashMap<>();
    int[] units = {inputs, 64, 16, 1};
    for (int layer = 0; layer < 3; layer++) {
      String layerName = NAME + "." + layer;
      byName.put(layerName + ".weight", values(random, units[layer + 1], units[layer]));
      byName.put(layerName + ".bias", values(random, units[layer + 1]));
      if (layer < 2) {
        byName.put(layerName + ".slope", values(random, 1));
      }
    }
    return new Parameters(byName);
  }

  private static Tensor values(SplittableRandom random, long... shape) {
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextDouble() - .5);
    }
    return PROCESSOR.of(values, shape);
  }

  private static void assertClose(String what, Tensor found, Tensor expected) {
    assertThat(found.sizes().vec().get()).as(what).isEqualTo(expected.sizes().vec().get());
    float[] values = PROCESSOR.read(expected);
    float largest = 1;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(PROCESSOR.read(found)).as(what).containsExactly(values, within(1e-5f * largest));
  }
}
