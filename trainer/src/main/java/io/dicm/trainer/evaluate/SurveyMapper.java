package io.dicm.trainer.evaluate;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Mapper;

/**
 * Counts scores by bin and impressions by category, and sums up what identifies the impressions;
 * the first to look at each prediction, it refuses what is no probability.
 */
public final class SurveyMapper extends Mapper<Object, Prediction, Text, LongWritable> {
  /** Categories counted before the counts are handed on, which bounds the memory. */
  private static final int MAX_COUNTED_CATEGORIES = 100_000;

  private final ScoreHistogram scores = new ScoreHistogram();
  private final Map<String, Long> categories = new HashMap<>();
  private long digest;

  @Override
  protected void map(Object unused, Prediction prediction, Context context)
      throws IOException, InterruptedException {
    requireProbability(prediction);
    scores.add(ScoreHistogram.bin(prediction.probability()), 1);
    digest += Fingerprints.idKey(Integer.toString(prediction.label()), prediction.impressionId());
    categories.merge(prediction.category(), 1L, Long::sum);
    if (categories.size() == MAX_COUNTED_CATEGORIES) {
      writeCategories(context);
    }
  }

  @Override
  protected void cleanup(Context context) throws IOException, InterruptedException {
    writeCategories(context);
    for (int bin = 0; bin < ScoreHistogram.BINS; bin++) {
      if (scores.count(bin) > 0) {
        context.write(SurveyKeys.ofBin(bin), new LongWritable(scores.count(bin)));
      }
    }
    context.write(SurveyKeys.DIGEST, new LongWritable(digest));
  }

  private void writeCategories(Context context) throws IOException, InterruptedException {
    for (Map.Entry<String, Long> category : categories.entrySet()) {
      context.write(
          SurveyKeys.ofCategory(category.getKey()), new LongWritable(category.getValue()));
    }
    categories.clear();
  }

  private static void requireProbability(Prediction prediction) {
    double score = prediction.probability();
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
