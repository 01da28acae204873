package io.dicm.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TestRankedScores {

  @Property(seed = "7", tries = 300)
  void equalsTheMetricsByDefinition(
      @ForAll @Size(min = 1, max = 40) List<@net.jqwik.api.From("predictions") Prediction> some) {
    Metrics naive = NaiveMetrics.of(some);

    MetricSums sums = new MetricSums();
    sums.addAll(ranked(some));
    some.stream()
        .collect(java.util.stream.Collectors.groupingBy(Prediction::userId))
        .values()
        .forEach(user -> sums.addUser(ranked(user)));

    assertThat(sums.metrics())
        .usingRecursiveComparison()
        .withComparatorForType(TestRankedScores::nearly, Double.class)
        .isEqualTo(naive);
  }

  @Test
  void countsEqualScoresHalf() {
    RankedScores scores = new RankedScores();
    scores.add(0.2, 0, 1);
    scores.add(0.5, 1, 0);
    scores.add(0.5, 0, 1);

    assertThat(scores.auc()).isEqualTo(0.75);
    assertThat(scores.impressions()).isEqualTo(3);
    assertThat(scores.clicks()).isEqualTo(1);
  }

  @Test
  void staysFiniteForCertainMistakes() {
    RankedScores scores = new RankedScores();
    scores.add(0.0, 1, 0);
    scores.add(1.0, 0, 1);

    assertThat(scores.logLossSum()).isCloseTo(2 * -Math.log(1e-15), within(0.1));
    assertThat(scores.auc()).isZero();
  }

  @Provide
  Arbitrary<Prediction> predictions() {
    return Combinators.combine(
            Arbitraries.of("u", "v", "w", "x"),
            Arbitraries.integers().between(0, 8),
            Arbitraries.integers().between(0, 1))
        .as((user, score, label) -> new Prediction("i", user, "a", "", 0, label, score / 8.0));
  }

  private static RankedScores ranked(List<Prediction> predictions) {
    RankedScores scores = new RankedScores();
    predictions.stream()
        .sorted(Comparator.comparingDouble(Prediction::probability))
        .forEach(p -> scores.add(p.probability(), p.label(), 1 - p.label()));
    return scores;
  }

  private static int nearly(double first, double second) {
    boolean same = Double.compare(first, second) == 0 || Math.abs(first - second) < 1e-9;
    return same ? 0 : Double.compare(first, second);
  }
}
