package io.dicm.trainer.evaluate;

import java.util.ArrayList;
import java.util.List;

/**
 * Ranges of scores with about equally many impressions, one for each reducer, so that ranks are
 * known beyond a reducer's own scores. Immutable.
 *
 * @param leastScores of each range but the first, ascending
 * @param below impressions with scores below each range, the first one included, and at last all
 */
record ScoreRanges(List<Double> leastScores, List<Long> below) {
  ScoreRanges {
    leastScores = List.copyOf(leastScores);
    below = List.copyOf(below);
  }

  /** At most so many ranges; fewer where few bins have all scores. */
  static ScoreRanges of(ScoreHistogram histogram, int most) {
    long total = 0;
    for (int bin = 0; bin < ScoreHistogram.BINS; bin++) {
      total += histogram.count(bin);
    }
    List<Double> leastScores = new ArrayList<>();
    List<Long> below = new ArrayList<>(List.of(0L));
    long seen = 0;
    for (int bin = 0; bin < ScoreHistogram.BINS; bin++) {
      boolean rangeIsFull = seen >= total * (double) below.size() / most;
      if (rangeIsFull && seen < total && histogram.count(bin) > 0) {
        leastScores.add(ScoreHistogram.leastScore(bin));
        below.add(seen);
      }
      seen += histogram.count(bin);
    }
    below.add(total);
    return new ScoreRanges(leastScores, below);
  }

  long total() {
    return below.get(below.size() - 1);
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
