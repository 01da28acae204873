package io.dicm.trainer.evaluate;

import java.io.IOException;
import org.apache.hadoop.mapreduce.Reducer;

/** Adds up the impressions of equal scores within a group. */
public final class ScoreCombiner extends Reducer<ScoreKey, ScoreCounts, ScoreKey, ScoreCounts> {
  @Override
  protected void reduce(ScoreKey key, Iterable<ScoreCounts> values, Context context)
      throws IOException, InterruptedException {
    long clicked = 0;
    long unclicked = 0;
    for (ScoreCounts counts : values) {
      clicked += counts.clicked();
      unclicked += counts.unclicked();
    }
    context.write(key, new ScoreCounts(clicked, unclicked));
  }
}
