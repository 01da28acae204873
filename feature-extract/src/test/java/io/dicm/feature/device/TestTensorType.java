package io.dicm.feature.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TestTensorType {
  @ParameterizedTest
  @EnumSource(names = {"Float", "Half", "BFloat16", "Int", "Long"})
  void isTheConstant(ScalarType type) {
    try (PointerScope scope = new PointerScope()) {
      Tensor tensor = torch.zeros(2).to(type);

      assertThat(TensorType.of(tensor)).isSameAs(type);
      assertThat(TensorType.is(tensor, type)).isTrue();
      assertThat(TensorType.is(tensor, ScalarType.Double)).isFalse();
      assertThat(EnumSet.of(type)).contains(TensorType.of(tensor));
      // What makes this class needed.
      assertThat(tensor.scalar_type()).isNotSameAs(type);
    }
  }
}
