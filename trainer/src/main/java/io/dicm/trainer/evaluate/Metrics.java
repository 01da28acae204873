package io.dicm.trainer.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How good predictions are. A metric that the impressions do not define, such as the AUC where all
 * labels are equal, is not a number; files leave it out.
 *
 * @param auc over all pairs of a clicked and an unclicked impression, ties counting half
 * @param gauc the users' AUCs, weighted by their impressions (arXiv 1711.06505, section 5); users
 *     whose labels are all equal are left out
 * @param logLoss mean over impressions, natural logarithm
 * @param normalizedEntropy log loss divided by the entropy of the click-through rate, which is the
 *     log loss of predicting that rate for all (He et al., Practical Lessons from Predicting Clicks
 *     on Ads at Facebook, 2014, section 3)
 * @param calibration mean prediction divided by click-through rate
 * @param impressions all
 * @param clicks impressions with label 1
 * @param users all
 * @param usersOneClass users left out of the GAUC
 */
public record Metrics(
    double auc,
    double gauc,
    double logLoss,
    double normalizedEntropy,
    double calibration,
    long impressions,
    long clicks,
    long users,
    long usersOneClass) {
  /** The names of those metrics that have intervals, in the order of all lists. */
  public static final List<String> QUALITY =
      List.of("auc", "gauc", "log_loss", "normalized_entropy", "calibration");

  /** Names and values as in the files, without those that are not a number. */
  public Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("auc", auc);
    values.put("gauc", gauc);
    values.put("log_loss", logLoss);
    values.put("normalized_entropy", normalizedEntropy);
    values.put("calibration", calibration);
    values.put("impressions", (double) impressions);
    values.put("clicks", (double) clicks);
    values.put("users", (double) users);
    values.put("users_one_class", (double) usersOneClass);
    values.values().removeIf(value -> !Double.isFinite(value));
    return values;
  }
}
