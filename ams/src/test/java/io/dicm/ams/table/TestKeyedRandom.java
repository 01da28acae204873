package io.dicm.ams.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TestKeyedRandom {
  @Test
  void dependsOnSeedAndKeyAlone() {
    assertThat(new KeyedRandom(1, 2).nextUniform(1))
        .isEqualTo(new KeyedRandom(1, 2).nextUniform(1));
    assertThat(new KeyedRandom(1, 2).nextUniform(1))
        .isNotEqualTo(new KeyedRandom(1, 3).nextUniform(1));
    assertThat(new KeyedRandom(1, 2).nextUniform(1))
        .isNotEqualTo(new KeyedRandom(2, 2).nextUniform(1));
  }

  @Test
  void hasTheRightMeanAndSpreadOverKeys() {
    int keys = 20_000;
    double uniformSquares = 0;
    double normalSum = 0;
    double normalSquares = 0;
    for (int key = 0; key < keys; key++) {
      KeyedRandom random = new KeyedRandom(5, key);
      float uniform = random.nextUniform(3);
      assertThat(uniform).isBetween(-3f, 3f);
      uniformSquares += uniform * uniform;
      float normal = random.nextNormal(2);
      normalSum += normal;
      normalSquares += normal * normal;
    }
    assertThat(uniformSquares / keys).isCloseTo(3, within(0.1));
    assertThat(normalSum / keys).isCloseTo(0, within(0.05));
    assertThat(normalSquares / keys).isCloseTo(4, within(0.15));
  }
}
