package io.dicm.feature.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class TestKernelArguments {
  @Test
  void liesInTheFirstBytesOfItsSlot() {
    try (PointerScope scope = new PointerScope()) {
      Tensor tensor = AbstractTensor.create(1f, 2f, 3f);
      KernelArguments arguments =
          new KernelArguments()
              .tensor(tensor.narrow(0, 1, 2))
              .tensor(torch.empty(0))
              .integer(-2)
              .longInteger(-3);
      for (int i = 0; i < 20; i++) {
        arguments.integer(i);
      }

      long[] slots = arguments.slots();
      assertThat(slots).hasSize(24);
      assertThat(slots[0]).isEqualTo(tensor.data_ptr().address() + Float.BYTES);
      assertThat(slots[1]).isZero();
      assertThat((int) slots[2]).isEqualTo(-2);
      assertThat(slots[3]).isEqualTo(-3);
      assertThat(slots[23]).isEqualTo(19);
    }
  }

  @Test
  void shapesAreThoseThatGpusHave() {
    assertThat(LaunchShape.of(2, 1024)).isEqualTo(new LaunchShape(2, 1024, 1));
    assertThatThrownBy(() -> LaunchShape.of(0, 32)).hasMessageContaining("0 and 32 x 1");
    assertThatThrownBy(() -> new LaunchShape(1, 64, 32)).hasMessageContaining("64 x 32");
  }
}
