package io.dicm.ams.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.feature.cuda.PinnedMemory;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.Gpus;
import io.dicm.feature.device.TensorType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside libtorch's own way to collect rows. */
class TestRowGatherOnGpu {
  private static final int TABLE_ROWS = 500;
  private static final int COUNT = 701;

  @ParameterizedTest
  @ValueSource(ints = {8, 200, 4096})
  void collectsWhatLibtorchDoes(int width, @TempDir Path folder) {
    ComputeDevice device = Gpus.firstOrStandIn(folder);
    torch.manual_seed(1);
    int[] numbers = new Random(1).ints(COUNT, 0, TABLE_ROWS).toArray();
    int[] outside = numbers.clone();
    outside[3] = -1;
    outside[4] = TABLE_ROWS;
    try (RowGatherKernel kernel = new RowGatherKernel(device);
        PointerScope scope = new PointerScope()) {
      Tensor values = torch.randn(TABLE_ROWS, width);
      Tensor onGpu = device.of(numbers, COUNT);
      for (ScalarType from : new ScalarType[] {ScalarType.Float, ScalarType.Half}) {
        Tensor onProcessor = values.to(from);
        Tensor collected = torch.index_select(onProcessor, 0, device.onProcessor(onGpu));
        for (ScalarType to :
            new ScalarType[] {ScalarType.Float, ScalarType.Half, ScalarType.BFloat16}) {
          Tensor target = device.empty(to, COUNT, width);
          for (Tensor table :
              Arrays.asList(device.place(onProcessor), pinned(device, onProcessor))) {
            assertCollects(kernel, table, onGpu, target, collected, device);
          }
          // As a shard that is too large for the GPU: memory that is there already is pinned.
          try (PinnedMemory pinned =
              device.gpu().pin(onProcessor.data_ptr(), onProcessor.nbytes())) {
            assertCollects(kernel, onProcessor, onGpu, target, collected, device);
          }
          kernel.gather(device.place(onProcessor), device.of(outside, COUNT), COUNT, target);
          assertThat(torch.isnan(device.onProcessor(target)).sum().item_long())
              .isEqualTo(2L * width);
        }
      }
      device.synchronize();
    }
  }

  private static Tensor pinned(ComputeDevice device, Tensor values) {
    return device.gpu().pinned(TensorType.of(values), TABLE_ROWS, values.size(1)).copy_(values);
  }

  /** Has waited for the kernel when it returns. */
  private static void assertCollects(
      RowGatherKernel kernel,
      Tensor table,
      Tensor numbers,
      Tensor target,
      Tensor collected,
      ComputeDevice device) {
    target.zero_();
    kernel.gather(table, numbers, COUNT, target);
    assertThat(device.onProcessor(target).equal(collected.to(target.scalar_type())))
        .as("%s to %s", table.scalar_type(), target.scalar_type())
        .isTrue();
  }
}
