package io.dicm.trainer.evaluate;

import io.dicm.common.key.Fingerprints;
import java.io.IOException;
import org.apache.hadoop.mapreduce.Mapper;

/** Puts each prediction into the group of all and the group of its user. */
public final class ScoreMapper extends Mapper<Object, Prediction, ScoreKey, ScoredImpression> {
  private static final String USER = "user_id";

  private SliceParts parts;

  @Override
  protected void setup(Context context) {
    parts = TaskPlan.read(context.getConfiguration()).parts();
  }

  @Override
  protected void map(Object unused, Prediction prediction, Context context)
      throws IOException, InterruptedException {
    double score = prediction.probability();
    ScoredImpression impression =
        new ScoredImpression(
            Fingerprints.idKey(USER, prediction.userId()),
            prediction.label() == 1,
            parts.of(prediction.category(), prediction.sliceKeys()));
    context.write(ScoreKey.ofAll(score), impression);
    context.write(ScoreKey.ofUser(prediction.userId(), score), impression);
  }
}
