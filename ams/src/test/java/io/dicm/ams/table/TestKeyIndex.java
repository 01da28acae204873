package io.dicm.ams.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TestKeyIndex {
  @Test
  void agreesWithAHashMapWhileItGrows() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      // Keys of one server of many have their low bits in common.
      int commonBits = random.nextInt(11);
      KeyIndex index = new KeyIndex(random.nextInt(50));
      Map<Long, Integer> expected = new HashMap<>();
      for (int i = 0; i < 3000; i++) {
        long key = (long) (1 + random.nextInt(2000)) << commonBits;
        int row = index.add(key);
        assertThat(row).isEqualTo(expected.containsKey(key) ? KeyIndex.ABSENT : expected.size());
        expected.putIfAbsent(key, expected.size());
      }
      assertThat(index.size()).isEqualTo(expected.size());
      expected.forEach((key, row) -> assertThat(index.rowOf(key)).isEqualTo(row));
      assertThat(index.rowOf(-5)).isEqualTo(KeyIndex.ABSENT);
    }
  }

  @Test
  void hasNoRowForNone() {
    KeyIndex index = new KeyIndex(4);
    assertThat(index.rowOf(0)).isEqualTo(KeyIndex.ABSENT);
    assertThatThrownBy(() -> index.add(0)).hasMessage("Key 0 means none and cannot have a row");
  }
}
