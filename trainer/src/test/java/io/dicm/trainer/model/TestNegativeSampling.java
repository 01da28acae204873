package io.dicm.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestNegativeSampling {

  /** The best probability among what was kept becomes the best one among all, whatever the mix. */
  @ParameterizedTest
  @CsvSource({"5, 995, 0.1", "300, 700, 0.25", "999, 1, 0.5", "1, 1000000, 0.001", "7, 3, 1"})
  void givesTheRateBeforeDownSampling(double clicks, double others, double keepFraction) {
    double amongKept = clicks / (clicks + others * keepFraction);

    assertThat(new NegativeSampling(keepFraction).correct(amongKept))
        .isCloseTo(clicks / (clicks + others), within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 0.1, 0.9, 1})
  void amongThoseKeptIsTheInverse(double keepFraction) {
    NegativeSampling sampling = new NegativeSampling(keepFraction);

    assertThat(sampling.amongKept(sampling.correct(0.3))).isCloseTo(0.3, within(1e-12));
    assertThat(sampling.amongKept(0.0)).isZero();
    assertThat(sampling.amongKept(1.0)).isEqualTo(1);
  }

  @Test
  void keepsTheEndsAndTheOrder() {
    NegativeSampling sampling = new NegativeSampling(0.1);

    assertThat(sampling.correct(0.0)).isZero();
    assertThat(sampling.correct(1.0)).isEqualTo(1);
    assertThat(sampling.correct(0.4)).isLessThan(sampling.correct(0.41)).isLessThan(0.4);
  }

  @Test
  void changesNothingWhereAllWereKept() {
    float[] probabilities = {0.1f, 0.7f, 1e-20f};

    new NegativeSampling(1).correct(probabilities);

    assertThat(probabilities).containsExactly(0.1f, 0.7f, 1e-20f);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.1, Double.NaN})
  void refusesOtherFractions(double keepFraction) {
    assertThatThrownBy(() -> new NegativeSampling(keepFraction))
        .hasMessageContaining("Keep fraction was " + keepFraction);
  }
}
