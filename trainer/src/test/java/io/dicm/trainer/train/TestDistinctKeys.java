package io.dicm.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TestDistinctKeys {
  @Test
  void numbersKeysInFirstSeenOrder() {
    DistinctKeys keys = new DistinctKeys(2);
    assertThat(keys.numberOf(70)).isZero();
    assertThat(keys.numberOf(-3)).isEqualTo(1);
    assertThat(keys.numberOf(70)).isZero();
    assertThat(keys.keys()).containsExactly(70, -3);
  }

  @Test
  void agreesWithAMapWhileItGrows() {
    SplittableRandom random = new SplittableRandom(1);
    DistinctKeys keys = new DistinctKeys(1);
    Map<Long, Integer> expected = new LinkedHashMap<>();
    for (int i = 0; i < 20_000; i++) {
      // Keys of one bucket: equal low ten bits.
      long key = (random.nextLong(5_000) + 1) << 10;
      expected.putIfAbsent(key, expected.size());
      assertThat(keys.numberOf(key)).isEqualTo(expected.get(key));
    }
    assertThat(keys.keys())
        .containsExactly(expected.keySet().stream().mapToLong(Long::longValue).toArray());
  }

  @Test
  void refusesTheKeyOfNone() {
    assertThatThrownBy(() -> new DistinctKeys(1).numberOf(0))
        .hasMessageContaining("Key 0 means none");
  }
}
