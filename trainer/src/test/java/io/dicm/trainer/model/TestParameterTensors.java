package io.dicm.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.FloatPlaces;
import io.dicm.trainer.network.DenseLayout;
import io.dicm.trainer.network.Parameters;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The places that a GPU's parameters have, on the processor. */
class TestParameterTensors {
  private static final ComputeDevice DEVICE = ComputeDevice.PROCESSOR;

  @Test
  void withoutGapsSlopesShiftWhatComesAfterThem() {
    DicmNetwork network = network();
    FloatPlaces places = FloatPlaces.sideBySide(ParameterTensors.counts(network.layout()));

    assertThat(misaligned(network, places)).contains("mlp.1.weight", "mlp.1.bias");
  }

  @ParameterizedTest
  @MethodSource("io.dicm.trainer.model.FusedStepProblem#shapes")
  void everyParameterOfAGpuBeginsAtAMultipleOfSixteenBytes(NetworkShape shape) {
    DicmNetwork network = new DicmNetwork(shape);
    FloatPlaces places = FloatPlaces.aligned(ParameterTensors.counts(network.layout()));

    assertThat(misaligned(network, places)).isEmpty();
  }

  private static List<String> misaligned(DicmNetwork network, FloatPlaces places) {
    try (PointerScope scope = new PointerScope()) {
      Parameters parameters = tensors(network, 0, places).of(network.initialDense(3), true);
      return parameters.byName().entrySet().stream()
          .filter(parameter -> parameter.getValue().data_ptr().address() % 16 != 0)
          .map(Map.Entry::getKey)
          .toList();
    }
  }

  @Test
  void gapsChangeNoValueAndNothingOfWhatIsLearned() {
    DicmNetwork network = network();
    DenseLayout layout = network.layout();
    float[] dense = network.initialDense(3);
    int statistics = layout.entries().get(1).offset();
    FloatPlaces places = FloatPlaces.aligned(ParameterTensors.counts(layout));
    try (PointerScope scope = new PointerScope()) {
      Parameters aligned = tensors(network, statistics, places).of(dense, true);
      Parameters plain = new ParameterTensors(layout, statistics, DEVICE).of(dense, true);

      assertThat(aligned.byName().keySet()).containsExactlyElementsOf(plain.byName().keySet());
      assertThat(aligned.scalars()).isNotEmpty().isEqualTo(plain.scalars());
      for (DenseLayout.Entry entry : layout.entries()) {
        Tensor found = aligned.get(entry.name());
        assertThat(found.equal(plain.get(entry.name()))).as(entry.name()).isTrue();
        assertThat(found.shape()).as(entry.name()).isEqualTo(entry.shape());
        assertThat(found.requires_grad()).as(entry.name()).isEqualTo(entry.offset() >= statistics);
      }
    }
  }

  private static DicmNetwork network() {
    return new DicmNetwork(FusedStepProblem.shapes().findFirst().orElseThrow());
  }

  private static ParameterTensors tensors(DicmNetwork network, int statistics, FloatPlaces places) {
    return new ParameterTensors(network.layout(), statistics, DEVICE, places);
  }
}
