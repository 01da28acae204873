package io.dicm.trainer.evaluate;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import org.apache.hadoop.mapreduce.Mapper;

/** Puts each prediction into the group of all and the group of its user. */
public final class ScoreMapper extends Mapper<Object, Prediction, ScoreKey, ScoreCounts> {
  @Override
  protected void map(Object unused, Prediction prediction, Context context)
      throws IOException, InterruptedException {
    double score = prediction.probability();
    requireProbability(prediction, score);
    ScoreCounts counts = new ScoreCounts(prediction.label(), 1 - prediction.label());
    context.write(ScoreKey.ofAll(score), counts);
    context.write(ScoreKey.ofUser(prediction.userId(), score), counts);
  }

  private static void requireProbability(Prediction prediction, double score) {
    boolean valid = score >= 0 && score <= 1 && (prediction.label() | 1) == 1;
    if (!valid) {
      throw new DicmException(
          ErrorCode.STORE_CORRUPT,
          "Cannot evaluate impression "
              + prediction.impressionId()
              + ": probability was "
              + score
              + " and label "
              + prediction.label()
              + ", allowed 0 to 1 and 0 or 1.");
    }
  }
}
