package io.dicm.trainer.evaluate;

import java.util.ArrayList;
import java.util.List;

/**
 * Sums by tenths of the impressions in order of their scores. Where all are known to be so many,
 * and how many score below the first one, a rank is a count: no score is kept. Impressions of equal
 * scores belong to the decile of their middle rank. For one thread.
 */
final class DecileSums {
  private static final int DECILES = 10;

  private final long total;
  private final double[] impressions = new double[DECILES];
  private final double[] clicks = new double[DECILES];
  private final double[] probability = new double[DECILES];
  private long rank;
  private long tiedImpressions;
  private long tiedClicks;

  /**
   * @param total of all impressions
   * @param below of impressions with lower scores than all that will be added
   */
  DecileSums(long total, long below) {
    this.total = total;
    this.rank = below;
  }

  void add(boolean click) {
    tiedImpressions++;
    if (click) {
      tiedClicks++;
    }
  }

  /** Ends a run of equal scores, above all before. */
  void closeTie(double score) {
    if (tiedImpressions == 0) {
      return;
    }
    double middle = rank + tiedImpressions / 2.0;
    int decile = Math.min((int) (middle * DECILES / total), DECILES - 1);
    impressions[decile] += tiedImpressions;
    clicks[decile] += tiedClicks;
    probability[decile] += score * tiedImpressions;
    rank += tiedImpressions;
    tiedImpressions = 0;
    tiedClicks = 0;
  }

  /** For the job's output; not a copy. */
  DoubleRows rows() {
    return new DoubleRows(new double[][] {impressions, clicks, probability});
  }

  /** Adds another reducer's rows. */
  void add(DoubleRows other) {
    double[][] own = rows().rows();
    for (int row = 0; row < own.length; row++) {
      for (int decile = 0; decile < DECILES; decile++) {
        own[row][decile] += other.rows()[row][decile];
      }
    }
  }

  /** Those that have impressions. */
  List<Decile> deciles() {
    List<Decile> deciles = new ArrayList<>();
    for (int i = 0; i < DECILES; i++) {
      if (impressions[i] > 0) {
        deciles.add(
            new Decile(
                i + 1,
                (long) impressions[i],
                probability[i] / impressions[i],
                clicks[i] / impressions[i]));
      }
    }
    return deciles;
  }
}
