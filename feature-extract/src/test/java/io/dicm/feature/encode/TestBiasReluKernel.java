package io.dicm.feature.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.feature.cuda.GpuArchitecture;
import io.dicm.feature.cuda.KernelCache;
import io.dicm.feature.cuda.KernelCompiler;
import io.dicm.feature.cuda.KernelOnCpu;
import io.dicm.feature.cuda.Nvcc;
import io.dicm.feature.cuda.Nvrtcs;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.TensorType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernels' own source, compiled for GPUs, and run on the processor. */
class TestBiasReluKernel {
  private static final List<ScalarType> TYPES =
      List.of(ScalarType.Float, ScalarType.Half, ScalarType.BFloat16);
  private static final byte UNTOUCHED = 0x5a;
  private static final int PACK_BYTES = 16;

  @TempDir private static Path folder;

  @ParameterizedTest
  @CsvSource({"8, 0", "9, 0"})
  void compilesForGpus(int major, int minor) {
    assertHasAllKernels(
        Nvcc.find(folder).compile(BiasReluKernel.SOURCE, new GpuArchitecture(major, minor)));
  }

  @ParameterizedTest
  @CsvSource({"8, 0", "9, 0"})
  void compilesInTheProcess(int major, int minor, @TempDir Path cache) {
    KernelCompiler compiler =
        new KernelCompiler(Nvrtcs.load(), KernelCache.in(cache.resolve("kernels")));
    assertHasAllKernels(compiler.cubin(BiasReluKernel.SOURCE, new GpuArchitecture(major, minor)));
  }

  private static void assertHasAllKernels(byte[] code) {
    assertThat(new String(code, StandardCharsets.ISO_8859_1))
        .contains(
            ".text.bias_relu_float",
            ".text.bias_relu_half",
            ".text.bias_relu_bfloat16",
            ".text.bias_relu_pool_float",
            ".text.bias_relu_pool_half",
            ".text.bias_relu_pool_bfloat16");
  }

  @Test
  void needsAGpu() {
    assertThatThrownBy(() -> new BiasReluKernel(ComputeDevice.PROCESSOR))
        .isInstanceOf(IllegalStateException.class);
  }

  /** The numbers, by the processor, beside libtorch's operations: the same bits. */
  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class Numbers {
    private KernelOnCpu program;

    @BeforeEach
    void seed() {
      torch.manual_seed(3);
    }

    @BeforeAll
    void compile() throws IOException {
      program = KernelOnCpu.compile(BiasReluKernel.SOURCE, TestBiasReluKernel.class, folder);
    }

    /** Fewer values than threads, more than a round of reads, channels as VGG16's. */
    @ParameterizedTest
    @CsvSource({"1, 64, 2, 2, 1", "3, 64, 6, 10, 2", "2, 128, 14, 14, 3", "2, 512, 14, 14, 5"})
    void theyAreLibtorchs(int n, int channels, int height, int width, int blocks)
        throws IOException {
      for (ScalarType type : TYPES) {
        try (PointerScope scope = new PointerScope()) {
          Tensor values = torch.randn(n, channels, height, width).to(type);
          // Large beside the values: rounding makes neighbours equal.
          Tensor biases = torch.randn(channels).multiply(new Scalar(20)).to(type);
          Tensor sums = values.add(biases.view(-1, 1, 1));
          KernelOnCpu.Arrays out = run(values, biases, blocks);

          assertIs(out, 0, sums.relu());
          assertIs(out, 3, torch.max_pool2d(sums.relu(), 2, 2));
        }
      }
    }

    @ParameterizedTest
    @EnumSource(names = {"Float", "Half", "BFloat16"})
    void nanStays(ScalarType type) throws IOException {
      try (PointerScope scope = new PointerScope()) {
        Tensor values = torch.randn(1, 64, 8, 8);
        // In each place of a pooling's four once.
        for (int place = 0; place < 4; place++) {
          values.select(2, 2 * place + place / 2).select(2, place % 2).fill_(new Scalar(Float.NaN));
        }
        KernelOnCpu.Arrays out = run(values.to(type), torch.randn(64).to(type), 1);

        assertThat(nans(out, 0, type)).isEqualTo(4 * 64);
        assertThat(nans(out, 3, type)).isEqualTo(4 * 64);
      }
    }

    private KernelOnCpu.Arrays run(Tensor values, Tensor biases, int blocks) throws IOException {
      KernelOnCpu.Arrays input = new KernelOnCpu.Arrays().add(2);
      for (int pools = 0; pools < 2; pools++) {
        int divisor = 1 + pools;
        input
            .add(TYPES.indexOf(TensorType.of(values)))
            .add(pools)
            .add(blocks)
            .add((int) (values.size(0) * values.size(2) / divisor))
            .add((int) values.size(3) / divisor);
        add(input, biases);
        add(input, values);
      }
      return program.run(input);
    }

    private void assertIs(KernelOnCpu.Arrays out, int first, Tensor expected) {
      KernelOnCpu.Arrays wanted = new KernelOnCpu.Arrays();
      add(wanted, expected);
      assertThat(out.bytesOf(first))
          .as("%s %s", expected.scalar_type(), first == 0 ? "in place" : "pooled")
          .isEqualTo(wanted.bytesOf(0));
      for (int i = first + 1; i < first + 3; i++) {
        assertThat(out.bytesOf(i)).hasSize(PACK_BYTES).containsOnly(UNTOUCHED);
      }
    }
  }

  /** Adds a tensor's values as they lie with channels last. */
  private static void add(KernelOnCpu.Arrays arrays, Tensor tensor) {
    Tensor lying =
        tensor.dim() == 4 ? tensor.contiguous(MemoryFormat.ChannelsLast) : tensor.contiguous();
    if (TensorType.is(tensor, ScalarType.Float)) {
      float[] values = new float[(int) tensor.numel()];
      lying.data_ptr_float().get(values);
      arrays.add(values);
    } else {
      short[] values = new short[(int) tensor.numel()];
      new ShortPointer(lying.data_ptr()).get(values);
      arrays.add(values);
    }
  }

  private static int nans(KernelOnCpu.Arrays out, int index, ScalarType type) {
    int count = 0;
    if (type == ScalarType.Float) {
      for (float value : out.floats(index)) {
        count += Float.isNaN(value) ? 1 : 0;
      }
      return count;
    }
    int exponent = type == ScalarType.Half ? 0x7c00 : 0x7f80;
    for (short bits : out.shorts(index)) {
      count += (bits & 0x7fff) > exponent ? 1 : 0;
    }
    return count;
  }
}
