package io.dicm.trainer.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestSeedCombination {
  private static final double TRUTH = .3;
  private static final int USERS = 60;
  private static final int REPLICATES = 200;
  private static final int EXPERIMENTS = 400;

  private final SeedCombination combination = new SeedCombination();

  /**
   * Experiments with users, seeds and what the two do together: the interval has the truth in it as
   * often as it says, rather more.
   */
  @ParameterizedTest
  @CsvSource({"3, 1, .02, .2", "3, .1, .3, .1", "2, .5, .5, .5", "5, 1, .1, 1"})
  void intervalCoversTheTruth(int seeds, double userSpread, double seedSpread, double both) {
    Random random = new Random(7);
    int covered = 0;
    for (int i = 0; i < EXPERIMENTS; i++) {
      Estimate estimate =
          combination
              .combine(experiment(random, seeds, userSpread, seedSpread, both))
              .orElseThrow();
      covered += estimate.low() <= TRUTH && TRUTH <= estimate.high() ? 1 : 0;
    }

    // Five standard deviations of a coverage of .95 are .054.
    assertThat((double) covered / EXPERIMENTS).isBetween(.95 - .054, .995);
  }

  @Test
  void moreSeedsDoNotMakeTheUsersMore() {
    List<SeedValue> one = experiment(new Random(3), 1, 1, 0, 0);
    List<SeedValue> same = List.of(one.get(0), one.get(0), one.get(0));

    Estimate single = combination.combine(one).orElseThrow();
    Estimate three = combination.combine(same).orElseThrow();

    assertThat(three.userDeviation()).isCloseTo(single.userDeviation(), within(1e-12));
    assertThat(three.high() - three.low())
        .isCloseTo(single.high() - single.low(), within(.01 * (single.high() - single.low())));
    assertThat(three.seedDeviation()).isZero();
  }

  @Test
  void seedsThatDifferMakeTheIntervalWide() {
    double[] still = new double[REPLICATES];
    List<SeedValue> seeds =
        List.of(new SeedValue(1, still), new SeedValue(2, still), new SeedValue(3, still));

    Estimate estimate = combination.combine(seeds).orElseThrow();

    assertThat(estimate.value()).isEqualTo(2);
    assertThat(estimate.seedDeviation()).isCloseTo(1, within(1e-12));
    // Student's t of 2 degrees, and a standard error of 1 / sqrt(3).
    assertThat(estimate.high()).isCloseTo(2 + 4.30265 / Math.sqrt(3), within(1e-3));
    assertThat(estimate.low()).isCloseTo(2 - 4.30265 / Math.sqrt(3), within(1e-3));
  }

  @Test
  void whatIsNotDefinedGivesNothing() {
    double[] replicates = new double[REPLICATES];
    assertThat(
            combination.combine(
                List.of(new SeedValue(1, replicates), new SeedValue(Double.NaN, replicates))))
        .isEmpty();

    double[] undefined = new double[REPLICATES];
    Arrays.fill(undefined, Double.NaN);
    assertThat(combination.combine(List.of(new SeedValue(1, undefined)))).isEmpty();
  }

  @Test
  void replicatesThatAreNotDefinedAreLeftOut() {
    double[] replicates = new Random(1).doubles(REPLICATES).toArray();
    double[] some = Arrays.copyOf(replicates, REPLICATES);
    some[5] = Double.NaN;
    double[] others = new double[REPLICATES - 1];
    System.arraycopy(replicates, 0, others, 0, 5);
    System.arraycopy(replicates, 6, others, 5, REPLICATES - 6);

    assertThat(combination.combine(List.of(new SeedValue(1, some))))
        .isEqualTo(combination.combine(List.of(new SeedValue(1, others))));
  }

  /** What is left of a rare slice is alike, and would give an interval that is too narrow. */
  @Test
  void withTooFewDefinedReplicatesThereIsNoInterval() {
    double[] replicates = new Random(1).doubles(REPLICATES).toArray();
    Arrays.fill(replicates, 0, REPLICATES / 10, Double.NaN);
    assertThat(combination.combine(List.of(new SeedValue(1, replicates)))).isPresent();

    replicates[REPLICATES / 10] = Double.NaN;
    assertThat(combination.combine(List.of(new SeedValue(1, replicates)))).isEmpty();
  }

  @Test
  void replicatesOfOtherUsersAreRefused() {
    assertThatThrownBy(
            () ->
                combination.combine(
                    List.of(
                        new SeedValue(1, new double[REPLICATES]), new SeedValue(1, new double[7]))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Seeds have 200 and 7 replicates");
  }

  /** Values of users as truth + user + seed + both; each seed's value is the mean over users. */
  private static List<SeedValue> experiment(
      Random random, int seeds, double userSpread, double seedSpread, double both) {
    double[] users = random.doubles(USERS).map(any -> userSpread * random.nextGaussian()).toArray();
    int[][] drawn = new int[REPLICATES][];
    for (int b = 0; b < REPLICATES; b++) {
      drawn[b] = random.ints(USERS, 0, USERS).toArray();
    }
    List<SeedValue> values = new ArrayList<>();
    for (int s = 0; s < seeds; s++) {
      double seed = seedSpread * random.nextGaussian();
      double[] single = new double[USERS];
      for (int u = 0; u < USERS; u++) {
        single[u] = TRUTH + users[u] + seed + both * random.nextGaussian();
      }
      double[] replicates = new double[REPLICATES];
      for (int b = 0; b < REPLICATES; b++) {
        replicates[b] = Arrays.stream(drawn[b]).mapToDouble(u -> single[u]).average().orElseThrow();
      }
      values.add(new SeedValue(Arrays.stream(single).average().orElseThrow(), replicates));
    }
    return values;
  }
}
