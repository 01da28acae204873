package io.dicm.trainer.evaluate;

/**
 * Takes the scores of one group in ascending order and sums up, in constant memory, what the
 * metrics need. The AUC is exact: of all pairs of a clicked and an unclicked impression the share
 * where the clicked one scored higher, equal scores counting half.
 */
final class RankedScores {
  /**
   * Probabilities are kept this far from 0 and 1 in the log loss, which would be infinite there.
   */
  static final double LOG_LOSS_MARGIN = 1e-15;

  private long clicked;
  private long unclicked;
  private double pairsWonByBelow;
  private double logLossSum;
  private double probabilitySum;

  private double tiedScore = Double.NEGATIVE_INFINITY;
  private long tiedClicked;
  private long tiedUnclicked;

  /**
   * @param score not below the last one
   */
  void add(double score, long clickedCount, long unclickedCount) {
    if (score != tiedScore) {
      closeTie();
      tiedScore = score;
    }
    tiedClicked += clickedCount;
    tiedUnclicked += unclickedCount;
    double probability = Math.min(Math.max(score, LOG_LOSS_MARGIN), 1 - LOG_LOSS_MARGIN);
    logLossSum -= clickedCount * Math.log(probability) + unclickedCount * Math.log1p(-probability);
    probabilitySum += score * (clickedCount + unclickedCount);
  }

  long impressions() {
    return clicks() + unclicked + tiedUnclicked;
  }

  long clicks() {
    return clicked + tiedClicked;
  }

  double logLossSum() {
    return logLossSum;
  }

  double probabilitySum() {
    return probabilitySum;
  }

  boolean hasBothClasses() {
    return clicks() > 0 && clicks() < impressions();
  }

  /** 0 to 1; not a number unless there are both classes. */
  double auc() {
    closeTie();
    return pairsWonByBelow / ((double) clicked * unclicked);
  }

  private void closeTie() {
    pairsWonByBelow += tiedClicked * (unclicked + tiedUnclicked / 2.0);
    clicked += tiedClicked;
    unclicked += tiedUnclicked;
    tiedClicked = 0;
    tiedUnclicked = 0;
  }
}
