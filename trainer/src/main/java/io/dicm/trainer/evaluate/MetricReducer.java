package io.dicm.trainer.evaluate;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.io.DoubleWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Reducer;

/** Ranks each group's scores and writes the sums over all its groups. */
public final class MetricReducer extends Reducer<ScoreKey, ScoreCounts, Text, DoubleWritable> {
  private final MetricSums sums = new MetricSums();

  @Override
  protected void reduce(ScoreKey key, Iterable<ScoreCounts> values, Context context) {
    boolean user = key.isUser();
    RankedScores scores = new RankedScores();
    for (ScoreCounts counts : values) {
      scores.add(key.score(), counts.clicked(), counts.unclicked());
    }
    if (user) {
      sums.addUser(scores);
    } else {
      sums.addAll(scores);
    }
  }

  @Override
  protected void cleanup(Context context) throws IOException, InterruptedException {
    for (Map.Entry<MetricSums.Sum, Double> sum : sums.values().entrySet()) {
      context.write(new Text(sum.getKey().name()), new DoubleWritable(sum.getValue()));
    }
  }
}
