package io.dicm.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class TestRowIndex {
  @Test
  void gathersAndAddsUp() {
    try (PointerScope scope = new PointerScope()) {
      RowIndex index = new RowIndex(new int[] {2, 0, 2}, 4);
      Tensor table = AbstractTensor.create(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 4, 2);
      assertThat(read(index.gather(table))).containsExactly(5, 6, 1, 2, 5, 6);
      assertThat(read(index.sum(index.gather(table)))).containsExactly(1, 2, 0, 0, 10, 12, 0, 0);
    }
  }

  @Test
  void rowsInOrderAreTheTableItself() {
    try (PointerScope scope = new PointerScope()) {
      Tensor table = AbstractTensor.create(new double[] {1, 2}, 2);
      RowIndex all = new RowIndex(new int[] {0, 1}, 2);
      assertThat(all.gather(table)).isSameAs(table);
      assertThat(all.sum(table)).isSameAs(table);
      RowIndex firstTwo = new RowIndex(new int[] {0, 1}, 3);
      assertThat(read(firstTwo.sum(table))).containsExactly(1, 2, 0);
    }
  }

  /** exp(1000) has no value: each row's largest score counts as 0. */
  @Test
  void softmaxIsAmongTheScoresOfARowAndStable() {
    try (PointerScope scope = new PointerScope()) {
      RowIndex index = new RowIndex(new int[] {1, 3, 1, 0, 1}, 4);
      double ln2 = Math.log(2);
      Tensor scores = AbstractTensor.create(new double[] {1000, -5000, 1000 + ln2, -7, 1000}, 5);
      double[] found = read(index.softmax(scores));
      double[] expected = {0.25, 1, 0.5, 1, 0.25};
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).isCloseTo(expected[i], within(1e-12));
      }
    }
  }

  private static double[] read(Tensor tensor) {
    double[] values = new double[(int) tensor.numel()];
    tensor.contiguous().data_ptr_double().get(values);
    return values;
  }
}
