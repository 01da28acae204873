package io.dicm.trainer.evaluate;

import java.util.ArrayList;
import java.util.List;

/**
 * Ranges of scores with about equally many impressions, one for each reducer. Immutable.
 *
 * @param leastScores of each range but the first, ascending
 */
record ScoreRanges(List<Double> leastScores) {
  ScoreRanges {
    leastScores = List.copyOf(leastScores);
  }

  /** At most so many ranges; fewer where few bins have all scores. */
  static ScoreRanges of(ScoreHistogram histogram, int most) {
    long total = 0;
    for (int bin = 0; bin < ScoreHistogram.BINS; bin++) {
      total += histogram.count(bin);
    }
    List<Double> leastScores = new ArrayList<>();
    long seen = 0;
    for (int bin = 0; bin < ScoreHistogram.BINS; bin++) {
      boolean rangeIsFull = seen >= total * (leastScores.size() + 1.0) / most;
      if (rangeIsFull && seen < total && histogram.count(bin) > 0) {
        leastScores.add(ScoreHistogram.leastScore(bin));
      }
      seen += histogram.count(bin);
    }
    return new ScoreRanges(leastScores);
  }

  /** How many ranges there are. */
  int count() {
    return leastScores.size() + 1;
  }

  /** A score that belongs to a range, below all others of it. */
  double leastScore(int range) {
    return range == 0 ? 0 : leastScores.get(range - 1);
  }

  /** The range of a score, from 0. */
  int range(double score) {
    int range = 0;
    while (range < leastScores.size() && score >= leastScores.get(range)) {
      range++;
    }
    return range;
  }
}
