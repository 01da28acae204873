package io.dicm.trainer.evaluate;

import io.dicm.common.key.Fingerprints;
import java.io.IOException;
import org.apache.hadoop.mapreduce.Mapper;

/**
 * Puts each prediction into the group of all and the group of its user, and tells every range's
 * reducer how many there are in each part and below the range.
 */
public final class ScoreMapper extends Mapper<Object, Prediction, ScoreKey, ScoreValue> {
  private static final String USER = "user_id";

  private SliceParts parts;
  private ScoreRanges ranges;
  private RangeCounts counts;

  @Override
  protected void setup(Context context) {
    TaskPlan plan = TaskPlan.read(context.getConfiguration());
    parts = plan.parts();
    ranges = plan.ranges();
    counts = new RangeCounts(ranges.count(), parts.count());
  }

  @Override
  protected void map(Object unused, Prediction prediction, Context context)
      throws IOException, InterruptedException {
    double score = prediction.probability();
    int[] ofParts = parts.of(prediction.category(), prediction.sliceKeys());
    ScoreValue impression =
        ScoreValue.of(
            new ScoredImpression(
                Fingerprints.idKey(USER, prediction.userId()), prediction.label() == 1, ofParts));
    context.write(ScoreKey.ofAll(score), impression);
    context.write(ScoreKey.ofUser(prediction.userId(), score), impression);
    counts.add(ranges.range(score), ofParts);
  }

  @Override
  protected void cleanup(Context context) throws IOException, InterruptedException {
    for (int range = 0; range < ranges.count(); range++) {
      context.write(ScoreKey.ofRange(ranges.leastScore(range)), ScoreValue.of(counts.of(range)));
    }
  }
}
