package io.dicm.trainer.evaluate;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How good predictions are. A metric that the impressions do not define, such as the AUC where all
 * labels are equal, is not a number; files leave it out.
 *
 * @param auc over all pairs of a clicked and an unclicked impression, ties counting half
 * @param gauc the users' AUCs, weighted by their impressions (arXiv 1711.06505, section 5); users
 *     whose labels are all equal are left out
 * @param logLoss mean over impressions, natural logarithm
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
    double calibration,
    long impressions,
    long clicks,
    long users,
    long usersOneClass) {

  /** Names and values as in the files, without those that are not a number. */
  public Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("auc", auc);
    values.put("gauc", gauc);
    values.put("log_loss", logLoss);
    values.put("calibration", calibration);
    values.put("impressions", (double) impressions);
    values.put("clicks", (double) clicks);
    values.put("users", (double) users);
    values.put("users_one_class", (double) usersOneClass);
    values.values().removeIf(value -> !Double.isFinite(value));
    return values;
  }
}
