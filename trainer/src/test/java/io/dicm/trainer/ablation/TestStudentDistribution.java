package io.dicm.trainer.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestStudentDistribution {
  /** Of printed tables; 1 and 2 have closed forms. */
  @ParameterizedTest
  @CsvSource({
    "1, .95, 12.7062",
    "1, .5, 1.0",
    "2, .95, 4.30265",
    "3, .95, 3.18245",
    "5, .99, 4.03214",
    "10, .95, 2.22814",
    "30, .95, 2.04227",
    "1000, .95, 1.96234",
    "120, .95, 1.97993"
  })
  void quantilesAreThoseOfTables(int degrees, double probability, double expected) {
    assertThat(new StudentDistribution(degrees).twoSidedQuantile(probability))
        .isCloseTo(expected, within(1e-4 * expected));
  }

  @Test
  void fewerDegreesThanOneAreRefused() {
    assertThatThrownBy(() -> new StudentDistribution(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Degrees of freedom were 0");
  }
}
