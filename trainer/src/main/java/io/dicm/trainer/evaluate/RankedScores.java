package io.dicm.trainer.evaluate;

/**
 * Takes scores in ascending order and counts, in constant memory, the pairs that an AUC is made of.
 * It is exact: of all pairs of a clicked and an unclicked impression the share where the clicked
 * one scored higher, equal scores counting half.
 */
final class RankedScores {
  private long clicked;
  private long unclicked;
  private double pairsWonByBelow;

  private double tiedScore = Double.NEGATIVE_INFINITY;
  private long tiedClicked;
  private long tiedUnclicked;

  /**
   * @param score not below the last one
   */
  void add(double score, boolean click) {
    if (score != tiedScore) {
      closeTie();
      tiedScore = score;
    }
    if (click) {
      tiedClicked++;
    } else {
      tiedUnclicked++;
    }
  }

  long impressions() {
    return clicks() + unclicked + tiedUnclicked;
  }

  long clicks() {
    return clicked + tiedClicked;
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
