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
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TestWeightedRanking {

  /** An impression with a weight of its own, in the second column. */
  record Weighted(double score, boolean clicked, int weight) {}

  @Property(seed = "11", tries = 300)
  void equalsTheWeightedPairCountHoweverRangesAreCut(
      @ForAll @Size(min = 1, max = 40) List<@From("impressions") Weighted> some,
      @ForAll @IntRange(max = 8) int cut) {
    List<Weighted> sorted =
        some.stream().sorted(Comparator.comparingDouble(Weighted::score)).toList();
    PartSums sums = ranked(sorted.stream().filter(one -> one.score < cut / 8.0).toList());
    sums.append(ranked(sorted.stream().filter(one -> one.score >= cut / 8.0).toList()));

    assertThat(nearly(sums.metrics(0).auc(), auc(some, false))).isTrue();
    assertThat(nearly(sums.metrics(1).auc(), auc(some, true))).isTrue();
    double weight = some.stream().mapToDouble(Weighted::weight).sum();
    if (weight > 0) {
      double loss =
          some.stream()
              .mapToDouble(one -> -one.weight * Math.log(one.clicked ? one.score : 1 - one.score))
              .sum();
      assertThat(sums.metrics(1).logLoss()).isCloseTo(loss / weight, within(1e-12));
    }
  }

  @Test
  void staysFiniteForCertainMistakes() {
    PartSums sums = new PartSums(1);
    WeightedRanking ranking = new WeightedRanking(sums);
    ranking.add(true, new double[] {1});
    ranking.closeTie(0.0);
    ranking.add(false, new double[] {1});
    ranking.closeTie(1.0);

    assertThat(sums.metrics(0).logLoss()).isCloseTo(-Math.log(1e-15), within(0.1));
    assertThat(sums.metrics(0).auc()).isZero();
  }

  @Provide
  Arbitrary<Weighted> impressions() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 7),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(0, 3))
        .as((score, clicked, weight) -> new Weighted(score / 8.0, clicked, weight));
  }

  private static PartSums ranked(List<Weighted> sorted) {
    PartSums sums = new PartSums(2);
    WeightedRanking ranking = new WeightedRanking(sums);
    double score = 0;
    for (Weighted one : sorted) {
      if (one.score != score) {
        ranking.closeTie(score);
        score = one.score;
      }
      ranking.add(one.clicked, new double[] {1, one.weight});
    }
    ranking.closeTie(score);
    return sums;
  }

  private static double auc(List<Weighted> some, boolean weighted) {
    double won = 0;
    double pairs = 0;
    for (Weighted clicked : some) {
      for (Weighted unclicked : some) {
        if (clicked.clicked && !unclicked.clicked) {
          double weight = weighted ? clicked.weight * unclicked.weight : 1;
          won += weight * (1 + Math.signum(clicked.score - unclicked.score)) / 2;
          pairs += weight;
        }
      }
    }
    return won / pairs;
  }

  private static boolean nearly(double first, double second) {
    return Double.compare(first, second) == 0 || Math.abs(first - second) < 1e-12;
  }
}
