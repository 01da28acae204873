package io.dicm.trainer.predict;

import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.evaluate.SortedPredictionWriter;
import io.dicm.trainer.model.NegativeSampling;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.ItemStatistics;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.sample.SplitTotals;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Predicts without a model, from click rates in training: what any model has to beat. A rate of n
 * impressions counts as if {@value #PRIOR_IMPRESSIONS} more of the mean rate had been there, so
 * that an unknown item or user has the mean. Item and user together have the log odds of the mean
 * plus what each differs from it. For one thread.
 *
 * <p>All items and users are in memory, at most 80 bytes each; every predictor reads the whole
 * training split for its users.
 */
public final class MeanPredictor {
  private static final int PRIOR_IMPRESSIONS = 10;

  /** The log odds of a split with one class only would be infinite. */
  private static final double LEAST_MEAN = 1e-6;

  private final MeanKind kind;
  private final PredictionRowMaker rows;
  private final UserMeans users;
  private final double mean;
  private final NegativeSampling sampling;

  private MeanPredictor(
      MeanKind kind,
      PredictionRowMaker rows,
      UserMeans users,
      double mean,
      NegativeSampling sampling) {
    this.kind = kind;
    this.rows = rows;
    this.users = users;
    this.mean = mean;
    this.sampling = sampling;
  }

  /**
   * Learns the means.
   *
   * @param rows knows the items of training
   * @param totals of the training split
   * @param sampling which impressions without a click training has, undone in predictions
   * @param training all training samples; closed, and read only where users matter
   */
  public static MeanPredictor learn(
      MeanKind kind,
      PredictionRowMaker rows,
      SplitTotals totals,
      NegativeSampling sampling,
      SampleSource training)
      throws IOException {
    double mean = totals.clicks() / (double) totals.impressions();
    UserMeans users = new UserMeans();
    if (kind.hasUsers()) {
      users = UserMeans.of(training);
    } else {
      training.close();
    }
    return new MeanPredictor(
        kind, rows, users, Math.min(Math.max(mean, LEAST_MEAN), 1 - LEAST_MEAN), sampling);
  }

  /**
   * Scores all samples of the source, which it closes, and writes them by user, moment and
   * impression.
   *
   * @param directory the predictions' staging directory
   * @param options names the file; its batches and threads do not matter
   * @param progress told scored impressions
   * @return the number of impressions
   */
  public long run(
      Configuration conf,
      SampleSource samples,
      Path directory,
      PredictionOptions options,
      ProgressListener progress)
      throws IOException {
    Path file = new Path(directory, PredictionWorker.fileName(options.worker()));
    try (samples;
        SortedPredictionWriter out = new SortedPredictionWriter(conf, file)) {
      long reported = 0;
      for (Sample sample = samples.next(); sample != null; sample = samples.next()) {
        for (Impression impression : sample.impressions()) {
          out.write(rows.row(sample, impression, probability(sample, impression)));
        }
        if (out.rows() - reported >= options.batchSize()) {
          reported = out.rows();
          progress.progress(reported, options.expectedImpressions(), "scored");
        }
      }
      return out.rows();
    }
  }

  double probability(Sample sample, Impression impression) {
    ItemStatistics items = rows.items();
    String item = impression.itemId();
    String user = sample.userId();
    double logOdds = logOdds(mean);
    if (kind.hasItems()) {
      logOdds += difference(items.trainClicks(item), items.trainExposures(item));
    }
    if (kind.hasUsers()) {
      logOdds += difference(users.clicks(user), users.impressions(user));
    }
    return sampling.correct(1 / (1 + Math.exp(-logOdds)));
  }

  /** In log odds from the mean. */
  private double difference(long clicks, long impressions) {
    double rate = (clicks + PRIOR_IMPRESSIONS * mean) / (impressions + PRIOR_IMPRESSIONS);
    return logOdds(rate) - logOdds(mean);
  }

  private static double logOdds(double probability) {
    return Math.log(probability / (1 - probability));
  }
}
