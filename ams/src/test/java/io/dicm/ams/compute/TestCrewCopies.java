package io.dicm.ams.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.feature.device.ComputeDevice;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestCrewCopies {
  /** Nothing, less than a piece, and some pieces with one that is shorter. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, 400_003})
  void aDeviceCopiesByItThereAndBack(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i + 0.5f;
    }
    try (ComputeCrew crew = new ComputeCrew("test-copies-", 3);
        PointerScope scope = new PointerScope()) {
      ComputeDevice device = ComputeDevice.PROCESSOR.copyingBy(new CrewCopies(crew));
      Tensor tensor = device.of(values, count);
      assertThat(Arrays.equals(ComputeDevice.PROCESSOR.read(tensor), values)).isTrue();
      float[] longer = new float[count + 7];
      device.read(tensor, longer, 5, count);
      assertThat(Arrays.equals(longer, 5, count + 5, values, 0, count)).isTrue();
      assertThat(longer).startsWith(0, 0, 0, 0, 0).endsWith(0, 0);
      Tensor other = device.empty(ScalarType.Float, count);
      device.write(longer, other);
      assertThat(Arrays.equals(device.read(other), Arrays.copyOf(longer, count))).isTrue();
      assertThatThrownBy(() -> device.of(values, count + 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Values were " + count + ", needed " + (count + 1));
    }
  }
}
