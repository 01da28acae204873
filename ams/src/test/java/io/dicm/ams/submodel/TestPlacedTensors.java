package io.dicm.ams.submodel;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.ams.submodel.NetworkLayout.FlatTensor;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.FloatPlaces;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** The places that a GPU's tensors have, on the processor. */
class TestPlacedTensors {
  private static final ComputeDevice DEVICE = ComputeDevice.PROCESSOR;
  private static final NetworkLayout LAYOUT = NetworkLayout.of(16, SubModelShape.of(8, 4, 4), true);
  private static final int[] COUNTS = PlacedTensors.counts(LAYOUT);

  @Test
  void everyTensorOfAGpuBeginsAtAMultipleOfSixteenBytes() {
    assertThat(misaligned(FloatPlaces.aligned(COUNTS))).isEmpty();
    // Each slope would shift what comes after it by a float.
    assertThat(misaligned(FloatPlaces.sideBySide(COUNTS)))
        .containsExactly(
            "fc2.weight", "fc2.bias", "prelu2.weight", "fc3.weight", "fc3.bias", "missing_code");
  }

  private static List<String> misaligned(FloatPlaces places) {
    try (PlacedTensors placed = new PlacedTensors(LAYOUT, places, DEVICE)) {
      assertThat(placed.memory().data_ptr().address() % 16).isZero();
      return LAYOUT.tensors().stream()
          .filter(tensor -> address(placed, tensor) % 16 != 0)
          .map(FlatTensor::name)
          .toList();
    }
  }

  private static long address(PlacedTensors placed, FlatTensor tensor) {
    try (Tensor view = placed.view(tensor)) {
      assertThat(view.shape()).isEqualTo(tensor.shape());
      return view.data_ptr().address();
    }
  }

  @Test
  void valuesGoToTheirTensorsAndComeBackInOrder() {
    float[] flat = new float[LAYOUT.length()];
    Random random = new Random(5);
    for (int i = 0; i < flat.length; i++) {
      flat[i] = random.nextFloat();
    }
    for (FloatPlaces places :
        List.of(FloatPlaces.aligned(COUNTS), FloatPlaces.sideBySide(COUNTS))) {
      try (PlacedTensors placed = new PlacedTensors(LAYOUT, places, DEVICE);
          PointerScope scope = new PointerScope()) {
        placed.beginCopyFrom(DEVICE.of(flat, flat.length));
        for (FlatTensor tensor : LAYOUT.tensors()) {
          float[] values = DEVICE.read(placed.view(tensor));
          assertThat(values).as(tensor.name()).hasSize(tensor.length());
          for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).as(tensor.name()).isEqualTo(flat[tensor.offset() + i]);
          }
        }
        float[] back = new float[flat.length];
        placed.read(DEVICE, back);
        assertThat(back).isEqualTo(flat);
      }
    }
  }
}
