package io.dicm.ams.dense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.optimizer.Adam;
import org.junit.jupiter.api.Test;

class TestDenseParameters {
  @Test
  void rangesCoverTheVectorOnce() {
    for (int length : new int[] {1, 5, 1000, Integer.MAX_VALUE}) {
      for (int servers : new int[] {1, 3, 7, 64}) {
        int next = 0;
        for (int server = 0; server < servers; server++) {
          DenseRange range = DenseRange.of(length, server, servers);
          assertThat(range.from()).isEqualTo(next);
          assertThat(range.length()).isBetween(length / servers, (length - 1) / servers + 1);
          next = range.to();
        }
        assertThat(next).isEqualTo(length);
      }
    }
  }

  @Test
  void keepsTheValuesOfWorkerZeroWhoeverComesFirst() {
    DenseParameters dense = new DenseParameters(1, 2, new Adam());
    dense.offer(1, 5, 0, new float[] {7, 7, 7});
    assertThat(dense.length()).isZero();
    dense.offer(0, 5, 0, new float[] {1, 2, 3});
    dense.offer(2, 5, 0, new float[] {8, 8, 8});
    assertThat(dense.values()).containsExactly(1, 2, 3);
    dense.update(new float[] {1, 0, -1}, 0.1f, 0);
    assertThat(dense.values()).containsExactly(new float[] {0.9f, 2, 3.1f}, within(1e-6f));
  }

  @Test
  void refusesAnotherNetwork() {
    DenseParameters dense = new DenseParameters(0, 2, new Adam());
    dense.offer(0, 4, 0, new float[] {1, 2});
    assertThatThrownBy(() -> dense.offer(1, 6, 0, new float[3]))
        .hasMessage(
            "Cannot let worker 1 join: it has 6 dense parameters, the others 4. All workers need the"
                + " same network.");
    assertThatThrownBy(() -> dense.offer(1, 4, 0, new float[3]))
        .hasMessage(
            "Cannot let worker 1 join: it sent 3 dense parameters, server 0 has the range of 2.");
  }
}
