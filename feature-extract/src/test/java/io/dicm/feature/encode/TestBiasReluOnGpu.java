package io.dicm.feature.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.Gpus;
import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Beside libtorch's own operations. */
class TestBiasReluOnGpu {
  @ParameterizedTest
  @CsvSource({"1, 64, 2, 2", "2, 64, 112, 112", "3, 128, 28, 28", "7, 512, 14, 14"})
  void givesTheBitsThatLibtorchGives(
      int n, int channels, int height, int width, @TempDir Path folder) {
    ComputeDevice device = Gpus.firstOrStandIn(folder);
    torch.manual_seed(2);
    try (BiasReluKernel kernel = new BiasReluKernel(device);
        PointerScope scope = new PointerScope()) {
      for (ScalarType type :
          new ScalarType[] {ScalarType.Float, ScalarType.Half, ScalarType.BFloat16}) {
        Tensor values =
            device
                .place(torch.randn(n, channels, height, width).to(type))
                .contiguous(MemoryFormat.ChannelsLast);
        Tensor biases = device.place(torch.randn(channels).multiply(new Scalar(20)).to(type));
        Tensor sums = values.add(biases.view(-1, 1, 1)).relu();

        assertThat(kernel.pool(values, biases).equal(torch.max_pool2d(sums, 2, 2)))
            .as("%s pooled", type)
            .isTrue();
        kernel.apply(values, biases);
        assertThat(values.equal(sums)).as("%s in place", type).isTrue();
      }
      device.synchronize();
    }
  }
}
