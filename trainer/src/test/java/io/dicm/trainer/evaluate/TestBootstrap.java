package io.dicm.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.key.Fingerprints;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Intervals of many generated data sets, each drawn from users whose true metrics are known. */
class TestBootstrap {
  private static final int REPLICATES = 100;
  private static final int DATA_SETS = 100;
  private static final int USERS = 120;

  /**
   * Users like some impressions more and click more than others, so that impressions of one user
   * are alike: intervals that took impressions for independent would be too narrow.
   */
  @Test
  void intervalsHoldTheTruthAboutAsOftenAsTheySay() {
    List<Prediction> many = generate(new Random(0), 20_000);
    Metrics truth = sums(many, 0).metrics(0);
    int auc = 0;
    int gauc = 0;
    int calibration = 0;
    for (int i = 1; i <= DATA_SETS; i++) {
      PartSums sums = sums(generate(new Random(i), USERS), REPLICATES);
      auc += interval(sums, "auc").contains(truth.auc()) ? 1 : 0;
      gauc += interval(sums, "gauc").contains(truth.gauc()) ? 1 : 0;
      calibration += interval(sums, "calibration").contains(truth.calibration()) ? 1 : 0;
    }
    // 95 of 100 are expected, somewhat fewer with percentiles of few users.
    assertThat(auc).isBetween(85, 100);
    assertThat(gauc).isBetween(85, 100);
    assertThat(calibration).isBetween(85, 100);
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
