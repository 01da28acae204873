package io.dicm.trainer.evaluate;

/**
 * Sums over the impressions and users of one part, from which its metrics follow: each a row of
 * [columns], the first column of weight 1, the others of the replicates' weights. Sums of several
 * reducers are put together, for the pairs in the order of their scores. For one thread.
 */
final class PartSums {
  private static final int WEIGHTED_ROWS = 7;

  final double[] clicked;
  final double[] unclicked;

  /** Pairs in which the clicked impression scored higher, equal scores counting half. */
  final double[] pairsWon;

  final double[] logLoss;
  final double[] probability;

  /** Impressions of users with both classes. */
  final double[] rankedImpressions;

  /** Impressions times AUC of these users. */
  final double[] weightedAuc;

  private final double[] users;
  private final double[] usersOneClass;
  private final double[][] rows;

  PartSums(int columns) {
    this(zeros(columns));
  }

  /** As {@link #rows} gave it. */
  PartSums(DoubleRows sums) {
    this(sums.rows());
  }

  private PartSums(double[][] rows) {
    this.rows = rows;
    this.clicked = rows[0];
    this.unclicked = rows[1];
    this.pairsWon = rows[2];
    this.logLoss = rows[3];
    this.probability = rows[4];
    this.rankedImpressions = rows[5];
    this.weightedAuc = rows[6];
    this.users = rows[7];
    this.usersOneClass = rows[8];
  }

  /** For the job's output; not a copy. */
  DoubleRows rows() {
    return new DoubleRows(rows);
  }

  int columns() {
    return clicked.length;
  }

  /** Adds a user. */
  void addUser(RankedScores scores, double[] weights) {
    users[0]++;
    if (!scores.hasBothClasses()) {
      usersOneClass[0]++;
      return;
    }
    double impressions = scores.impressions();
    double product = impressions * scores.auc();
    for (int c = 0; c < weights.length; c++) {
      rankedImpressions[c] += weights[c] * impressions;
      weightedAuc[c] += weights[c] * product;
    }
  }

  /**
   * Adds the sums of other impressions and users.
   *
   * @param above whose scores are all above those of this one
   */
  void append(PartSums above) {
    for (int c = 0; c < clicked.length; c++) {
      pairsWon[c] += above.clicked[c] * unclicked[c];
    }
    for (int row = 0; row < rows.length; row++) {
      for (int c = 0; c < rows[row].length; c++) {
        rows[row][c] += above.rows[row][c];
      }
    }
  }

  /** The metrics in one column; counts are those of the replicate, users those of all. */
  Metrics metrics(int column) {
    double clicks = clicked[column];
    double impressions = clicks + unclicked[column];
    double meanLogLoss = logLoss[column] / impressions;
    return new Metrics(
        pairsWon[column] / (clicks * unclicked[column]),
        weightedAuc[column] / rankedImpressions[column],
        meanLogLoss,
        meanLogLoss / entropy(clicks / impressions),
        probability[column] / clicks,
        (long) impressions,
        (long) clicks,
        (long) users[0],
        (long) usersOneClass[0]);
  }

  private static double entropy(double rate) {
    return -rate * Math.log(rate) - (1 - rate) * Math.log1p(-rate);
  }

  private static double[][] zeros(int columns) {
    double[][] rows = new double[WEIGHTED_ROWS + 2][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = new double[row < WEIGHTED_ROWS ? columns : 1];
    }
    return rows;
  }
}
