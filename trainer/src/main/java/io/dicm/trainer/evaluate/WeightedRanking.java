package io.dicm.trainer.evaluate;

import java.util.Arrays;

/**
 * Takes one part's impressions in ascending order of their scores and adds to its {@link PartSums}.
 * The AUC of every column is exact, ties counting half. For one thread.
 *
 * <p>This is the hot path of an evaluation: an impression costs two passes over the columns in each
 * of its six parts, additions and multiplications of arrays that stay in the processor's cache. Ten
 * million impressions with 200 replicates are 2.4e10 such operations.
 */
final class WeightedRanking {
  /**
   * Probabilities are kept this far from 0 and 1 in the log loss, which would be infinite there.
   */
  static final double LOG_LOSS_MARGIN = 1e-15;

  private final PartSums sums;
  private final double[] tiedClicked;
  private final double[] tiedUnclicked;
  private boolean tie;

  WeightedRanking(PartSums sums) {
    this.sums = sums;
    this.tiedClicked = new double[sums.columns()];
    this.tiedUnclicked = new double[sums.columns()];
  }

  /**
   * Adds an impression of the score at which the tie will be closed.
   *
   * @param weights [columns]
   */
  void add(boolean click, double[] weights) {
    double[] tied = click ? tiedClicked : tiedUnclicked;
    for (int c = 0; c < tied.length; c++) {
      tied[c] += weights[c];
    }
    tie = true;
  }

  /**
   * Ends a run of equal scores.
   *
   * @param score that of the impressions since the last call, above all before
   */
  void closeTie(double score) {
    if (!tie) {
      return;
    }
    double probability = Math.min(Math.max(score, LOG_LOSS_MARGIN), 1 - LOG_LOSS_MARGIN);
    double lossOfClick = -Math.log(probability);
    double lossOfNone = -Math.log1p(-probability);
    double[] pairsWon = sums.pairsWon;
    double[] clicked = sums.clicked;
    double[] unclicked = sums.unclicked;
    double[] logLoss = sums.logLoss;
    double[] probabilities = sums.probability;
    for (int c = 0; c < tiedClicked.length; c++) {
      double clicks = tiedClicked[c];
      double others = tiedUnclicked[c];
      pairsWon[c] += clicks * (unclicked[c] + others / 2);
      clicked[c] += clicks;
      unclicked[c] += others;
      logLoss[c] += clicks * lossOfClick + others * lossOfNone;
      probabilities[c] += score * (clicks + others);
    }
    Arrays.fill(tiedClicked, 0);
    Arrays.fill(tiedUnclicked, 0);
    tie = false;
  }
}
