package io.dicm.app.plan;

import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.sample.SplitTotals;
import io.dicm.trainer.vocabulary.FieldStatistics;
import io.dicm.trainer.vocabulary.VocabularyStatistics;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What a samples directory holds, by its manifest and statistics.
 *
 * @param source where the counts are from, in words
 * @param train totals of the training samples
 * @param test totals of the test samples
 * @param trainBytes length of the training samples' files
 * @param idRows different IDs of all features; an upper bound of the embeddings that are trained
 */
public record SampleCounts(
    String source, SplitTotals train, SplitTotals test, long trainBytes, long idRows) {
  /**
   * Reads both files.
   *
   * @throws io.dicm.common.error.DicmException {@code INPUT_MISSING}, {@code INPUT_INVALID}
   */
  public static SampleCounts read(Configuration conf, Path samples) throws IOException {
    SampleManifest manifest = SampleManifest.read(conf, samples);
    long idRows =
        VocabularyStatistics.read(conf, samples).fields().stream()
            .mapToLong(SampleCounts::rows)
            .sum();
    Path train = new Path(samples, "train");
    long bytes = train.getFileSystem(conf).getContentSummary(train).getLength();
    return new SampleCounts(samples.toString(), manifest.train(), manifest.test(), bytes, idRows);
  }

  /** Behaviours of an impression of the training samples, on average. */
  public double behaviorsOfAnImpression() {
    return train.impressions() == 0 ? 0 : (double) train.behaviors() / train.impressions();
  }

  private static long rows(FieldStatistics field) {
    return field.hashSpace() == 0
        ? field.distinct()
        : Math.min(field.distinct(), field.hashSpace());
  }
}
