package io.dicm.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.feature.cuda.GpuArchitecture;
import io.dicm.feature.cuda.KernelCache;
import io.dicm.feature.cuda.KernelCompiler;
import io.dicm.feature.cuda.KernelOnCpu;
import io.dicm.feature.cuda.Nvcc;
import io.dicm.feature.cuda.Nvrtcs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels' own source, compiled for GPUs, and run on the processor. */
class TestFusedAttentionKernel {
  private static final String[] KERNELS = {
    "attention_forward",
    "attention_backward_of_queries",
    "attention_backward_of_codes",
    "attention_sum_of_pieces",
    "attention_sum_of_blocks"
  };

  @TempDir private static Path folder;

  @ParameterizedTest
  @CsvSource({"8, 0, 12", "9, 0, 12", "9, 0, 128"})
  void compilesForGpus(int major, int minor, int codeWidth) {
    assertHasAllKernels(
        Nvcc.find(folder)
            .compile(FusedAttentionKernel.source(codeWidth), new GpuArchitecture(major, minor)));
  }

  @ParameterizedTest
  @CsvSource({"8, 0, 12", "9, 0, 12"})
  void compilesInTheProcess(int major, int minor, int codeWidth, @TempDir Path cache) {
    KernelCompiler compiler =
        new KernelCompiler(Nvrtcs.load(), KernelCache.in(cache.resolve("kernels")));

    assertHasAllKernels(
        compiler.cubin(FusedAttentionKernel.source(codeWidth), new GpuArchitecture(major, minor)));
  }

  private static void assertHasAllKernels(byte[] code) {
    assertThat(new String(code, StandardCharsets.ISO_8859_1))
        .contains(Stream.of(KERNELS).map(name -> ".text." + name).toList());
  }

  @Test
  void refusesWidthsThatAreNotForIt() {
    assertThatThrownBy(() -> FusedAttentionKernel.source(129))
        .hasMessage("The code width was 129, allowed 1..128");
    assertThatThrownBy(() -> FusedAttentionKernel.source(0)).hasMessageContaining("was 0");
  }

  @Test
  void cutsParametersAsTheKernelsLayThem() {
    try (PointerScope scope = new PointerScope()) {
      float[] values = new float[AttentionLayers.VALUES];
      for (int i = 0; i < values.length; i++) {
        values[i] = i;
      }
      AttentionLayers layers = AttentionLayers.cut(AbstractTensor.create(values));

      assertThat(layers.secondWeight().sizes().vec().get()).containsExactly(16, 64);
      assertThat(layers.secondWeight().select(0, 1).select(0, 2).item_float()).isEqualTo(66);
      assertThat(layers.secondBias().select(0, 0).item_float()).isEqualTo(1024);
      assertThat(layers.lastWeight().sizes().vec().get()).containsExactly(1, 16);
      assertThat(layers.lastWeight().select(1, 0).item_float()).isEqualTo(1040);
      assertThat(layers.lastBias().item_float()).isEqualTo(1056);
      assertThat(layers.firstSlope().item_float()).isEqualTo(1057);
      assertThat(layers.secondSlope().item_float()).isEqualTo(1058);
    }
  }

  /** The reference's gradients are those of its own output. */
  @Test
  void referenceIsItsOwnDerivative() {
    ReferenceAttention reference = several(7, 12);
    ReferenceAttention.Result result = reference.run();

    assertDerivative(reference, reference.ofCodes[3], result.ofCodes[3]);
    assertDerivative(reference, reference.ofQueries[0], result.ofQueries[0]);
    assertDerivative(reference, reference.codes[3], result.codes[3]);
    assertDerivative(reference, reference.w1[5], result.w1[5]);
    assertDerivative(reference, reference.b1, result.b1);
    assertDerivative(reference, reference.w2, result.w2);
    assertDerivative(reference, reference.b2, result.b2);
    assertDerivative(reference, reference.firstSlope, result.firstSlope);
    assertDerivative(reference, reference.secondSlope, result.secondSlope);
  }

  private static void assertDerivative(
      ReferenceAttention reference, double[] values, double[] gradient) {
    double step = 1e-6;
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      values[i] = value + step;
      double above = reference.loss();
      values[i] = value - step;
      double below = reference.loss();
      values[i] = value;
      assertThat((above - below) / (2 * step)).isCloseTo(gradient[i], within(1e-5));
    }
  }

  /**
   * Bags of none, one, an even and an odd number of behaviors; behavior 0 is in nearly all of them,
   * twice in some, and the last behavior in none.
   */
  private static ReferenceAttention several(long seed, int codeWidth) {
    Random random = new Random(seed);
    int[] lengths = {3, 0, 1, 4, 0, 0, 7, 2, 1, 12, 5, 1, 0};
    int behaviors = 9;
    int[] begins = new int[lengths.length];
    int[] pairs = new int[IntStream.of(lengths).sum()];
    int at = 0;
    for (int i = 0; i < lengths.length; i++) {
      begins[i] = at;
      for (int j = 0; j < lengths[i]; j++) {
        pairs[at++] = j % 3 == 0 ? 0 : 1 + random.nextInt(behaviors - 2);
      }
    }
    return new ReferenceAttention(pairs, begins, behaviors, codeWidth, random);
  }

  /** The numbers, by the processor. */
  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class Numbers {
    private KernelOnCpu ofTwelve;
    private KernelOnCpu ofNineteen;

    @BeforeAll
    void compile() throws IOException {
      ofTwelve = compile(12);
      ofNineteen = compile(19);
    }

    private KernelOnCpu compile(int codeWidth) throws IOException {
      return KernelOnCpu.compile(
          FusedAttentionKernel.source(codeWidth),
          TestFusedAttentionKernel.class,
          Files.createDirectory(folder.resolve("width" + codeWidth)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9})
    void equalsTheFormula(int blocks) throws IOException {
      assertEquals(several(11, 12), run(ofTwelve, several(11, 12), 0, blocks, 4));
    }

    @Test
    void equalsTheFormulaForOtherWidths() throws IOException {
      assertEquals(several(12, 19), run(ofNineteen, several(12, 19), 0, 2, 256));
    }

    /** A barrier that is missing shows in one of the orders. */
    @Test
    void isTheSameWhateverThreadsRunFirst() throws IOException {
      ReferenceAttention given = several(13, 12);
      KernelOnCpu.Arrays ascending = run(ofTwelve, given, 0, 2, 4);
      for (int order = 1; order <= 2; order++) {
        KernelOnCpu.Arrays other = run(ofTwelve, given, order, 2, 4);
        for (int i = 0; i < 6; i++) {
          assertThat(other.floats(i))
              .as("result %s in order %s", i, order)
              .isEqualTo(ascending.floats(i));
        }
      }
    }

    @Test
    void poolsNothingToZeros() throws IOException {
      Random random = new Random(14);
      for (ReferenceAttention nothing :
          new ReferenceAttention[] {
            new ReferenceAttention(new int[0], new int[] {0, 0, 0}, 0, 12, random),
            new ReferenceAttention(new int[0], new int[] {0}, 2, 12, random),
            new ReferenceAttention(new int[0], new int[0], 0, 12, random),
          }) {
        KernelOnCpu.Arrays out = run(ofTwelve, nothing, 0, 1, 4);
        assertEquals(nothing, out);
        for (int i = 0; i < 6; i++) {
          assertThat(out.floats(i)).doesNotContain(Float.NaN).containsOnly(zeros(out.floats(i)));
        }
      }
    }

    private float[] zeros(float[] like) {
      return new float[like.length];
    }

    @Test
    void aBehaviorAlone() throws IOException {
      ReferenceAttention alone =
          new ReferenceAttention(new int[] {0}, new int[] {0}, 1, 12, new Random(15));
      assertEquals(alone, run(ofTwelve, alone, 0, 1, 4));
    }

    private KernelOnCpu.Arrays run(
        KernelOnCpu program, ReferenceAttention given, int order, int blocks, int mostPairs)
        throws IOException {
      PairIndex index =
          PairIndex.of(given.behaviorOfPair, given.begins, given.ofCodes.length, mostPairs);
      return program.run(
          new KernelOnCpu.Arrays()
              .add(order)
              .add(blocks)
              .add(index.resultRows())
              .add(floats(given.ofCodes))
              .add(floats(given.ofQueries))
              .add(floats(given.codes))
              .add(index.behaviorOfPair())
              .add(index.offsets())
              .add(index.impressionOfPair())
              .add(index.pieces())
              .add(index.divided())
              .add(floats(given.w1))
              .add(floats(given.b1))
              .add(floats(given.w2))
              .add(floats(given.b2))
              .add(floats(given.firstSlope))
              .add(floats(given.secondSlope))
              .add(floats(given.ofOutput)));
    }

    private void assertEquals(ReferenceAttention given, KernelOnCpu.Arrays out) {
      ReferenceAttention.Result expected = given.run();
      int behaviors = given.ofCodes.length;
      assertClose("weights", out.floats(0), expected.weights);
      assertClose("output", out.floats(1), flat(expected.pooled));
      assertClose("of queries", out.floats(2), flat(expected.ofQueries));
      assertClose(
          "of the first layer's codes",
          Arrays.copyOf(out.floats(3), behaviors * ReferenceAttention.FIRST),
          flat(expected.ofCodes));
      assertClose(
          "of codes",
          Arrays.copyOf(out.floats(4), behaviors * given.codeWidth),
          flat(expected.codes));
      assertClose(
          "of parameters",
          out.floats(5),
          flat(
              flat(expected.w1),
              expected.b1,
              expected.w2,
              expected.b2,
              expected.firstSlope,
              expected.secondSlope));
    }

    /** Within single precision's error of the largest value. */
    private void assertClose(String what, float[] found, double[] expected) {
      assertThat(found).as(what).hasSameSizeAs(expected);
      double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
      for (int i = 0; i < found.length; i++) {
        assertThat((double) found[i])
            .as("%s, value %s", what, i)
            .isCloseTo(expected[i], within(2e-6 * largest));
      }
    }

    private double[] flat(double[]... rows) {
      return Stream.of(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    private float[] floats(double[]... rows) {
      double[] values = flat(rows);
      float[] floats = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        floats[i] = (float) values[i];
      }
      return floats;
    }
  }
}
