package io.dicm.trainer.evaluate;

import java.util.EnumMap;
import java.util.Map;

/** Sums from which the metrics follow; those of several reducers add up. */
final class MetricSums {
  private final Map<Sum, Double> sums = new EnumMap<>(Sum.class);

  /** What is summed. */
  enum Sum {
    IMPRESSIONS,
    CLICKS,
    PROBABILITY,
    LOG_LOSS,
    /** Of the group of all, which only one reducer has. */
    AUC,
    USERS,
    USERS_ONE_CLASS,
    /** Impressions of the users with both classes. */
    RANKED_IMPRESSIONS,
    /** Impressions times AUC of these users. */
    WEIGHTED_AUC
  }

  void add(Sum sum, double value) {
    sums.merge(sum, value, Double::sum);
  }

  Map<Sum, Double> values() {
    return sums;
  }

  /** Adds the group of all impressions. */
  void addAll(RankedScores scores) {
    add(Sum.IMPRESSIONS, (double) scores.impressions());
    add(Sum.CLICKS, (double) scores.clicks());
    add(Sum.PROBABILITY, scores.probabilitySum());
    add(Sum.LOG_LOSS, scores.logLossSum());
    add(Sum.AUC, scores.auc());
  }

  /** Adds one user's impressions. */
  void addUser(RankedScores scores) {
    add(Sum.USERS, 1);
    if (scores.hasBothClasses()) {
      add(Sum.RANKED_IMPRESSIONS, (double) scores.impressions());
      add(Sum.WEIGHTED_AUC, scores.impressions() * scores.auc());
    } else {
      add(Sum.USERS_ONE_CLASS, 1);
    }
  }

  Metrics metrics() {
    double impressions = get(Sum.IMPRESSIONS);
    return new Metrics(
        get(Sum.AUC),
        get(Sum.WEIGHTED_AUC) / get(Sum.RANKED_IMPRESSIONS),
        get(Sum.LOG_LOSS) / impressions,
        get(Sum.LOG_LOSS) / impressions / entropy(get(Sum.CLICKS) / impressions),
        get(Sum.PROBABILITY) / get(Sum.CLICKS),
        (long) impressions,
        (long) get(Sum.CLICKS),
        (long) get(Sum.USERS),
        (long) get(Sum.USERS_ONE_CLASS));
  }

  private static double entropy(double rate) {
    return -rate * Math.log(rate) - (1 - rate) * Math.log1p(-rate);
  }

  private double get(Sum sum) {
    return sums.getOrDefault(sum, 0.0);
  }
}
