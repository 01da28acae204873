package io.dicm.ams.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TestKeySorter {
  @Test
  void numbersMoveWithTheirKeys() {
    for (int count : new int[] {0, 1, 2, 100, 3000}) {
      long[] original = new Random(count).longs(count).toArray();
      long[] keys = original.clone();
      int[] numbers = IntStream.range(0, count).toArray();

      KeySorter.sort(keys, numbers);

      assertThat(numbers).containsExactlyInAnyOrder(IntStream.range(0, count).toArray());
      for (int i = 0; i < count; i++) {
        assertThat(keys[i]).isEqualTo(original[numbers[i]]);
        if (i > 0) {
          assertThat(Long.compareUnsigned(keys[i - 1], keys[i])).isNegative();
        }
      }
    }
  }
}
