package io.dicm.trainer.predict;

/**
 * Which share of the samples is scored, and how.
 *
 * @param worker the predictor's number, from 0; names its file
 * @param workers how many predictors there are
 * @param batchSize impressions of one pass
 * @param threads compute threads
 * @param expectedImpressions for progress alone; 0 when unknown
 */
public record PredictionOptions(
    int worker, int workers, int batchSize, int threads, long expectedImpressions) {
  public PredictionOptions {
    if (worker < 0 || worker >= workers) {
      throw new IllegalArgumentException("Predictor was " + worker + " of " + workers);
    }
    if (batchSize < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "Batch size and threads were " + batchSize + " and " + threads + ", needed 1 or more");
    }
  }
}
