package io.dicm.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.dicm.common.key.Fingerprints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Intervals of many generated data sets, each drawn from users whose true metrics are known. */
class TestBootstrap {
  private static final int REPLICATES = 100;
  private static final int DATA_SETS = 100;
  private static final int USERS = 120;

  /** Standard deviations between the ends of a 95 % interval of a normal distribution. */
  private static final double INTERVAL_DEVIATIONS = 3.92;

  /**
   * Users like some impressions more and click more than others, so that impressions of one user
   * are alike: intervals that took impressions for independent would be too narrow.
   */
  @Test
  void intervalsHoldTheTruthAboutAsOftenAsTheySayAndAreNoWiderThanTheyHaveToBe() {
    Map<String, Double> truth = sums(generate(new Random(0), 20_000), 0).metrics(0).values();
    List<PartSums> dataSets =
        IntStream.rangeClosed(1, DATA_SETS)
            .mapToObj(i -> sums(generate(new Random(i), USERS), REPLICATES))
            .toList();
    for (String metric : List.of("auc", "gauc", "calibration")) {
      List<Interval> intervals = dataSets.stream().map(sums -> interval(sums, metric)).toList();
      // 95 of 100 are expected, somewhat fewer with percentiles of few users.
      assertThat(intervals.stream().filter(one -> one.contains(truth.get(metric))).count())
          .as("intervals of %s with the truth", metric)
          .isBetween(85L, 100L);
      double deviation =
          deviation(dataSets.stream().mapToDouble(sums -> sums.metrics(0).values().get(metric)));
      double width =
          intervals.stream().mapToDouble(one -> one.high() - one.low()).average().orElseThrow();
      assertThat(width)
          .as("mean width of the intervals of %s", metric)
          .isCloseTo(INTERVAL_DEVIATIONS * deviation, withinPercentage(20));
    }
  }

  /** The standard deviation of a sample. */
  private static double deviation(DoubleStream values) {
    double[] all = values.toArray();
    double mean = Arrays.stream(all).average().orElseThrow();
    double squares = Arrays.stream(all).map(value -> (value - mean) * (value - mean)).sum();
    return Math.sqrt(squares / (all.length - 1));
  }

  private static Interval interval(PartSums sums, String metric) {
    double[] values = new double[REPLICATES];
    for (int r = 0; r < REPLICATES; r++) {
      values[r] = sums.metrics(r + 1).values().getOrDefault(metric, Double.NaN);
    }
    return BootstrapInterval.of(values).orElseThrow();
  }

  /** As the reducers do it. */
  private static PartSums sums(List<Prediction> predictions, int replicates) {
    PoissonWeights poisson = new PoissonWeights(replicates);
    double[] weights = new double[poisson.columns()];
    PartSums sums = new PartSums(poisson.columns());
    WeightedRanking ranking = new WeightedRanking(sums);
    List<Prediction> sorted = new ArrayList<>(predictions);
    sorted.sort(Comparator.comparingDouble(Prediction::probability));
    for (Prediction one : sorted) {
      poisson.fill(key(one.userId()), weights);
      ranking.add(one.label() == 1, weights);
      ranking.closeTie(one.probability());
    }
    sorted.stream()
        .collect(Collectors.groupingBy(Prediction::userId))
        .forEach(
            (user, own) -> {
              RankedScores scores = new RankedScores();
              own.forEach(one -> scores.add(one.probability(), one.label() == 1));
              poisson.fill(key(user), weights);
              sums.addUser(scores, weights);
            });
    return sums;
  }

  private static List<Prediction> generate(Random random, int users) {
    List<Prediction> all = new ArrayList<>();
    for (int user = 0; user < users; user++) {
      double taste = random.nextGaussian();
      double skill = random.nextDouble();
      int impressions = 1 + random.nextInt(20);
      for (int i = 0; i < impressions; i++) {
        double item = random.nextGaussian();
        int label = random.nextDouble() < logistic(taste + item - 1) ? 1 : 0;
        double score = logistic(0.3 * taste + skill * item + 0.5 * random.nextGaussian() - 1);
        all.add(Predictions.of(user + "-" + i, "u" + user, label, score));
      }
    }
    return all;
  }

  private static long key(String user) {
    return Fingerprints.idKey("user_id", user);
  }

  private static double logistic(double logOdds) {
    return 1 / (1 + Math.exp(-logOdds));
  }
}
