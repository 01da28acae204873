package io.dicm.feature.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TestFloatPlaces {
  private static final float[] VALUES = {1, 2, 3, 4, 5, 6, 7, 8};

  @Test
  void withoutGapsValuesStayAsTheyAre() {
    FloatPlaces places = FloatPlaces.sideBySide(1, 5, 2);

    assertThat(places.tensors()).isEqualTo(3);
    assertThat(offsets(places)).containsExactly(0, 1, 6);
    assertThat(places.length()).isEqualTo(8);
    assertThat(places.spread(VALUES)).isSameAs(VALUES);
  }

  @Test
  void alignedEachBeginsAtAMultipleOfSixteenBytes() {
    FloatPlaces places = FloatPlaces.aligned(1, 5, 2);

    assertThat(offsets(places)).containsExactly(0, 4, 12);
    assertThat(places.length()).isEqualTo(14);
    assertThat(places.spread(VALUES)).containsExactly(1, 0, 0, 0, 2, 3, 4, 5, 6, 0, 0, 0, 7, 8);
  }

  @Test
  void aGpuGetsThemAlignedAndTheProcessorAsTheyCome() {
    assertThat(offsets(FloatPlaces.on(ComputeDevice.cuda(0), 1, 5, 2))).containsExactly(0, 4, 12);
    assertThat(offsets(FloatPlaces.on(ComputeDevice.PROCESSOR, 1, 5, 2))).containsExactly(0, 1, 6);
  }

  @Test
  void valuesOfAnotherLengthAreRefused() {
    assertThatThrownBy(() -> FloatPlaces.aligned(1, 5).spread(VALUES))
        .hasMessage("Values were 8, needed 6");
  }

  private static int[] offsets(FloatPlaces places) {
    int[] offsets = new int[places.tensors()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = places.offset(i);
    }
    return offsets;
  }
}
