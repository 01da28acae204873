package io.dicm.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TestRankedScores {

  @Property(seed = "7", tries = 300)
  void equalsThePairCount(
      @ForAll @Size(min = 1, max = 40) List<@From("predictions") Prediction> some) {
    RankedScores scores = new RankedScores();
    some.stream()
        .sorted(Comparator.comparingDouble(Prediction::probability))
        .forEach(p -> scores.add(p.probability(), p.label() == 1));

    Metrics naive = NaiveMetrics.of(some);
    assertThat(scores.impressions()).isEqualTo(naive.impressions());
    assertThat(scores.clicks()).isEqualTo(naive.clicks());
    assertThat(scores.hasBothClasses()).isEqualTo(Double.isFinite(naive.auc()));
    if (scores.hasBothClasses()) {
      assertThat(scores.auc()).isCloseTo(naive.auc(), within(1e-12));
    }
  }

  @Test
  void countsEqualScoresHalf() {
    RankedScores scores = new RankedScores();
    scores.add(0.2, false);
    scores.add(0.5, true);
    scores.add(0.5, false);

    assertThat(scores.auc()).isEqualTo(0.75);
    assertThat(scores.impressions()).isEqualTo(3);
    assertThat(scores.clicks()).isEqualTo(1);
  }

  @Provide
  Arbitrary<Prediction> predictions() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 8), Arbitraries.integers().between(0, 1))
        .as((score, label) -> Predictions.of("i", "u", label, score / 8.0));
  }
}
