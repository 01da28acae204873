package io.dicm.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TestSequenceSteps {
  @Test
  void stepsHaveTheLongestSequencesFirst() {
    SequenceSteps steps = new SequenceSteps(new int[] {1, 0, 3, 1, 2, 3});
    assertThat(steps.order()).containsExactly(2, 5, 4, 0, 3);
    assertThat(steps.sizes()).containsExactly(5, 3, 2);
    assertThat(steps.rows()).isEqualTo(10);
    assertThat(steps.row(0, 4)).isEqualTo(4);
    assertThat(steps.row(1, 0)).isEqualTo(5);
    assertThat(steps.row(2, 1)).isEqualTo(9);
  }

  @Test
  void noSequenceHasNoStep() {
    assertThat(new SequenceSteps(new int[] {0, 0}).sizes()).isEmpty();
    assertThat(new SequenceSteps(new int[0]).rows()).isZero();
  }
}
