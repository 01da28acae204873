package io.dicm.ams.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.cuda.GpuArchitecture;
import io.dicm.feature.cuda.KernelCache;
import io.dicm.feature.cuda.KernelCompiler;
import io.dicm.feature.cuda.KernelOnCpu;
import io.dicm.feature.cuda.KernelSource;
import io.dicm.feature.cuda.LaunchShape;
import io.dicm.feature.cuda.Nvcc;
import io.dicm.feature.cuda.Nvrtc;
import io.dicm.feature.cuda.Nvrtcs;
import io.dicm.feature.device.ComputeDevice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.indexer.HalfIndexer;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels' own source, compiled for GPUs, and run on the processor. */
class TestRowGatherKernel {
  private static final List<ScalarType> TABLES = List.of(ScalarType.Float, ScalarType.Half);
  private static final List<ScalarType> TARGETS =
      List.of(ScalarType.Float, ScalarType.Half, ScalarType.BFloat16);
  private static final byte UNTOUCHED = 0x5a;

  private static final int FLOAT = 0;
  private static final int HALF = 1;
  private static final int BFLOAT16 = 2;

  @TempDir private static Path folder;

  @ParameterizedTest
  @CsvSource({"8, 0", "9, 0"})
  void compilesForGpus(int major, int minor) {
    byte[] code =
        Nvcc.find(folder).compile(RowGatherKernel.SOURCE, new GpuArchitecture(major, minor));

    assertHasAllKernels(code);
  }

  @ParameterizedTest
  @CsvSource({"8, 0", "9, 0"})
  void compilesInTheProcess(int major, int minor, @TempDir Path cache) {
    Nvrtc nvrtc = Nvrtcs.load();
    KernelCompiler compiler = new KernelCompiler(nvrtc, KernelCache.in(cache.resolve("kernels")));
    GpuArchitecture architecture = new GpuArchitecture(major, minor);
    byte[] code = compiler.cubin(RowGatherKernel.SOURCE, architecture);

    assertHasAllKernels(code);
    assertThat(compiler.cubin(RowGatherKernel.SOURCE, architecture)).isEqualTo(code);
    assertThatThrownBy(
            () -> nvrtc.compile(new KernelSource("x.cu", "int f() { return y; }"), architecture))
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.GPU_FAILED))
        .hasMessageContaining("x.cu(1): error: identifier \"y\" is undefined");
  }

  private static void assertHasAllKernels(byte[] code) {
    String text = new String(code, StandardCharsets.ISO_8859_1);
    for (ScalarType from : TABLES) {
      for (ScalarType to : TARGETS) {
        assertThat(text).contains(".text." + RowGatherKernel.kernelName(from, to));
      }
    }
  }

  @Test
  void takesAsManyThreadsAsARowHasUseFor() {
    assertThat(RowGatherKernel.shape(320_000, 1024, 792)).isEqualTo(new LaunchShape(792, 256, 1));
    assertThat(RowGatherKernel.shape(1000, 128, 792)).isEqualTo(new LaunchShape(500, 128, 2));
    assertThat(RowGatherKernel.shape(9, 1, 792)).isEqualTo(new LaunchShape(2, 32, 8));
    assertThat(RowGatherKernel.shape(1, 1024, 792)).isEqualTo(new LaunchShape(1, 256, 1));
  }

  @Test
  void needsAGpu() {
    assertThatThrownBy(() -> new RowGatherKernel(ComputeDevice.PROCESSOR))
        .isInstanceOf(IllegalStateException.class);
  }

  /** The numbers, by the processor. */
  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class Numbers {
    private KernelOnCpu program;

    @BeforeAll
    void compile() throws IOException {
      program = KernelOnCpu.compile(RowGatherKernel.SOURCE, TestRowGatherKernel.class, folder);
    }

    @Test
    void everyHalfBecomesItsFloat() throws IOException {
      short[] table = new short[1 << 16];
      for (int i = 0; i < table.length; i++) {
        table[i] = (short) i;
      }
      int width = 4096;
      int[] numbers = {15, 0, 7, 7, 3, 12, 1, 14, 13, 2, 11, 4, 10, 5, 9, 6, 8};
      KernelOnCpu.Arrays out =
          program.run(
              input(
                  in -> in.add(table),
                  new Case(HALF, FLOAT, width, 3, 256, numbers),
                  new Case(HALF, BFLOAT16, width, 5, 256, numbers)));

      float[] floats = out.floats(0);
      short[] bfloats = out.shorts(3);
      double[] given = new double[numbers.length * width];
      for (int i = 0; i < given.length; i++) {
        given[i] = valueOfHalf(table[numbers[i / width] * width + i % width] & 0xFFFF);
      }
      assertSame(given, i -> floats[i], i -> given[i]);
      assertSame(given, i -> valueOfBfloat16(bfloats[i]), i -> nearest(given[i], 7, -126, 127));
      assertIsUntouched(out, 1);
      assertIsUntouched(out, 4);
    }

    @Test
    void floatsAreRoundedToTheNearest() throws IOException {
      Random random = new Random(1);
      int width = 128;
      float[] table = new float[200 * width];
      for (int i = 0; i < table.length; i++) {
        table[i] =
            switch (i % 5) {
              case 0 -> Float.intBitsToFloat(random.nextInt());
              case 1 -> (float) (random.nextGaussian() * Math.pow(2, random.nextInt(-30, 20)));
              // Between two halves, and between two bfloats.
              case 2 -> (float) valueOfHalf(random.nextInt(0x7c00)) * (1 + 0x1p-11f);
              case 3 -> Float.intBitsToFloat((random.nextInt() & 0xFFFF0000) | 0x8000);
              default ->
                  new float[] {
                        0f,
                        -0f,
                        Float.NaN,
                        Float.POSITIVE_INFINITY,
                        Float.NEGATIVE_INFINITY,
                        65504f,
                        65519f,
                        65520f,
                        -65520f,
                        0x1p-14f,
                        0x1p-24f,
                        0x1p-25f,
                        0x1.8p-25f,
                        Float.MAX_VALUE,
                        Float.MIN_VALUE
                      }
                      [i / 5 % 15];
            };
      }
      int[] numbers = random.ints(77, 0, 200).toArray();
      KernelOnCpu.Arrays out =
          program.run(
              input(
                  in -> in.add(table),
                  new Case(FLOAT, FLOAT, width, 2, 32, numbers),
                  new Case(FLOAT, HALF, width, 2, 32, numbers),
                  new Case(FLOAT, BFLOAT16, width, 2, 32, numbers)));

      float[] floats = out.floats(0);
      short[] halves = out.shorts(3);
      short[] bfloats = out.shorts(6);
      double[] given = new double[numbers.length * width];
      for (int i = 0; i < given.length; i++) {
        given[i] = table[numbers[i / width] * width + i % width];
      }
      assertSame(given, i -> floats[i], i -> given[i]);
      assertSame(given, i -> valueOfHalf(halves[i] & 0xFFFF), i -> nearest(given[i], 10, -14, 15));
      assertSame(given, i -> valueOfBfloat16(bfloats[i]), i -> nearest(given[i], 7, -126, 127));
      assertIsUntouched(out, 1);
      assertIsUntouched(out, 4);
      assertIsUntouched(out, 7);
    }

    /** The last width takes more than a round of reads, and not all threads in the last one. */
    @ParameterizedTest
    @ValueSource(ints = {8, 24, 1600})
    void halvesAreCopiedBitByBit(int width) throws IOException {
      Random random = new Random(2);
      short[] table = new short[50 * width];
      for (int i = 0; i < table.length; i++) {
        table[i] = (short) random.nextInt();
      }
      int[] numbers = random.ints(101, 0, 50).toArray();
      KernelOnCpu.Arrays out =
          program.run(input(in -> in.add(table), new Case(HALF, HALF, width, 3, 32, numbers)));

      short[] expected = new short[numbers.length * width];
      for (int i = 0; i < numbers.length; i++) {
        System.arraycopy(table, numbers[i] * width, expected, i * width, width);
      }
      assertThat(out.shorts(0)).isEqualTo(expected);
      assertIsUntouched(out, 1);
    }

    @Test
    void aNumberOutsideTheTableIsARowOfNaN() throws IOException {
      float[] table = {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 18};
      int[] numbers = {1, -1, 0, 2, Integer.MAX_VALUE, Integer.MIN_VALUE};
      KernelOnCpu.Arrays out =
          program.run(
              input(
                  in -> in.add(table),
                  new Case(FLOAT, FLOAT, 8, 1, 32, numbers),
                  new Case(FLOAT, FLOAT, 8, 1, 32, new int[0])));

      float[] expected = new float[6 * 8];
      Arrays.fill(expected, Float.NaN);
      System.arraycopy(table, 8, expected, 0, 8);
      System.arraycopy(table, 0, expected, 16, 8);
      assertThat(out.floats(0)).isEqualTo(expected);
      assertThat(out.floats(3)).isEmpty();
      assertIsUntouched(out, 1);
    }

    /** From one type to another, on some blocks, with some threads a row. */
    private record Case(
        int from, int to, int width, int blocks, int threadsOfRow, int... numbers) {}

    private KernelOnCpu.Arrays input(Consumer<KernelOnCpu.Arrays> table, Case... cases) {
      KernelOnCpu.Arrays input = new KernelOnCpu.Arrays().add(cases.length);
      for (Case one : cases) {
        input.add(one.from).add(one.to).add(one.width).add(one.blocks).add(one.threadsOfRow);
        table.accept(input);
        input.add(one.numbers);
      }
      return input;
    }

    /** NaN is NaN, and the two zeros differ. */
    private void assertSame(
        double[] given, IntToDoubleFunction found, IntToDoubleFunction expected) {
      double[] allFound = IntStream.range(0, given.length).mapToDouble(found).toArray();
      double[] allExpected = IntStream.range(0, given.length).mapToDouble(expected).toArray();
      int first = Arrays.mismatch(allFound, allExpected);
      if (first >= 0) {
        fail("%s became %s, expected %s", given[first], allFound[first], allExpected[first]);
      }
    }

    private void assertIsUntouched(KernelOnCpu.Arrays out, int first) {
      for (int i = first; i < first + 2; i++) {
        assertThat(out.bytesOf(i)).hasSize(16).containsOnly(UNTOUCHED);
      }
    }
  }

  private static double valueOfBfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  private static double valueOfHalf(int bits) {
    return HalfIndexer.toFloat(bits);
  }

  /** The nearest value of a type, of two equally near ones the even one. */
  private static double nearest(
      double value, int fractionBits, int leastExponent, int mostExponent) {
    if (Double.isNaN(value) || Double.isInfinite(value) || value == 0) {
      return value;
    }
    int exponent = Math.max(Math.getExponent(value), leastExponent);
    double unit = Math.scalb(1.0, exponent - fractionBits);
    double rounded = Math.rint(value / unit) * unit;
    return Math.abs(rounded) >= Math.scalb(1.0, mostExponent + 1)
        ? Math.copySign(Double.POSITIVE_INFINITY, value)
        : Math.copySign(rounded, value);
  }
}
