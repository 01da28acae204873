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
public final class MetricReducer extends Reducer<ScoreKey, ScoreValue, IntWritable, DoubleRows> {
  private PoissonWeights poisson;
  private double[] weights;
  private PartSums[] sums;
  private WeightedRanking[] rankings;
  private PartCounts counts;
  private DecileSums[] deciles;

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
    counts = new PartCounts(sums.length);
    deciles = deciles();
  }

  /** The output's key of a part's deciles; the key of its sums is its number. */
  static int decilesKey(int part) {
    return ~part;
  }

  /** The part of a key that {@link #decilesKey} gave. */
  static int partOfDeciles(int key) {
    return ~key;
  }

  @Override
  protected void reduce(ScoreKey key, Iterable<ScoreValue> values, Context context) {
    if (key.isRange()) {
      count(values);
    } else if (key.isUser()) {
      addUser(key, values);
    } else {
      addRange(key, values);
    }
  }

  @Override
  protected void cleanup(Context context) throws IOException, InterruptedException {
    for (int part = 0; part < sums.length; part++) {
      context.write(new IntWritable(part), sums[part].rows());
      context.write(new IntWritable(decilesKey(part)), deciles[part].rows());
    }
  }

  /** What all map tasks counted; the shuffle's order brings it before the first impression. */
  private void count(Iterable<ScoreValue> values) {
    for (ScoreValue value : values) {
      counts.add(value.counts());
    }
    deciles = deciles();
  }

  private DecileSums[] deciles() {
    DecileSums[] ofParts = new DecileSums[sums.length];
    for (int part = 0; part < ofParts.length; part++) {
      ofParts[part] = new DecileSums(counts.total(part), counts.below(part));
    }
    return ofParts;
  }

  private void addRange(ScoreKey key, Iterable<ScoreValue> values) {
    double score = key.score();
    for (ScoreValue value : values) {
      ScoredImpression impression = value.impression();
      if (key.score() != score) {
        closeTies(score);
        score = key.score();
      }
      poisson.fill(impression.userKey(), weights);
      for (int part : impression.parts()) {
        rankings[part].add(impression.clicked(), weights);
        deciles[part].add(impression.clicked());
      }
    }
    closeTies(score);
  }

  private void closeTies(double score) {
    for (int part = 0; part < rankings.length; part++) {
      rankings[part].closeTie(score);
      deciles[part].closeTie(score);
    }
  }

  /** A user's weight is the same in all impressions, so the user's AUC is that of all columns. */
  private void addUser(ScoreKey key, Iterable<ScoreValue> values) {
    Map<Integer, RankedScores> ofParts = new HashMap<>();
    long userKey = 0;
    for (ScoreValue value : values) {
      ScoredImpression impression = value.impression();
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
