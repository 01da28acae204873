package io.dicm.trainer.evaluate;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.IntWritable;
import org.apache.hadoop.mapreduce.Reducer;

/**
 * Streams the impressions of its range in the order of their scores, and each user's, and writes
 * the sums of each part. Memory is some numbers for each part and column, whatever the impressions
 * and users.
 */
public final class MetricReducer
    extends Reducer<ScoreKey, ScoredImpression, IntWritable, DoubleRows> {
  /** The output's key of the deciles; the keys of parts are their numbers. */
  static final int DECILES = -1;

  private PoissonWeights poisson;
  private double[] weights;
  private PartSums[] sums;
  private WeightedRanking[] rankings;
  private DecileSums deciles;

  @Override
  protected void setup(Context context) {
    Configuration conf = context.getConfiguration();
    TaskPlan plan = TaskPlan.read(conf);
    poisson = new PoissonWeights(EvaluationSettings.of(conf).bootstrapReplicates());
    weights = new double[poisson.columns()];
    sums = new PartSums[plan.parts().count()];
    rankings = new WeightedRanking[sums.length];
    for (int part = 0; part < sums.length; part++) {
      sums[part] = new PartSums(poisson.columns());
      rankings[part] = new WeightedRanking(sums[part]);
    }
    ScoreRanges ranges = plan.ranges();
    int range = Math.min(context.getTaskAttemptID().getTaskID().getId(), ranges.below().size() - 1);
    deciles = new DecileSums(ranges.total(), ranges.below().get(range));
  }

  @Override
  protected void reduce(ScoreKey key, Iterable<ScoredImpression> values, Context context) {
    if (key.isUser()) {
      addUser(key, values);
    } else {
      addRange(key, values);
    }
  }

  @Override
  protected void cleanup(Context context) throws IOException, InterruptedException {
    for (int part = 0; part < sums.length; part++) {
      context.write(new IntWritable(part), sums[part].rows());
    }
    context.write(new IntWritable(DECILES), deciles.rows());
  }

  private void addRange(ScoreKey key, Iterable<ScoredImpression> impressions) {
    double score = key.score();
    for (ScoredImpression impression : impressions) {
      if (key.score() != score) {
        closeTies(score);
        score = key.score();
      }
      poisson.fill(impression.userKey(), weights);
      for (int part : impression.parts()) {
        rankings[part].add(impression.clicked(), weights);
      }
      deciles.add(impression.clicked());
    }
    closeTies(score);
  }

  private void closeTies(double score) {
    for (WeightedRanking ranking : rankings) {
      ranking.closeTie(score);
    }
    deciles.closeTie(score);
  }

  /** A user's weight is the same in all impressions, so the user's AUC is that of all columns. */
  private void addUser(ScoreKey key, Iterable<ScoredImpression> impressions) {
    Map<Integer, RankedScores> ofParts = new HashMap<>();
    long userKey = 0;
    for (ScoredImpression impression : impressions) {
      userKey = impression.userKey();
      for (int part : impression.parts()) {
        ofParts
            .computeIfAbsent(part, unused -> new RankedScores())
            .add(key.score(), impression.clicked());
      }
    }
    poisson.fill(userKey, weights);
    ofParts.forEach((part, scores) -> sums[part].addUser(scores, weights));
  }
}
