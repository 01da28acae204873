package io.dicm.feature.job;

import io.dicm.feature.store.FeatureManifest;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.RecordWriter;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.apache.hadoop.mapreduce.security.TokenCache;

/**
 * Writes vectors through the feature store's writer and rejections beside them, all within the task
 * attempt's own directory: only what the committed attempt wrote is seen.
 */
public final class FeatureOutputFormat extends FileOutputFormat<NullWritable, ExtractedImage> {
  private static final String PARQUET = ".parquet";
  private static final String JSON_LINES = ".jsonl";
  private static final String JSON = ".json";

  @Override
  public RecordWriter<NullWritable, ExtractedImage> getRecordWriter(TaskAttemptContext task)
      throws IOException {
    Configuration conf = task.getConfiguration();
    Path parquet = getDefaultWorkFile(task, PARQUET);
    Path attempt = parquet.getParent();
    String part = parquet.getName().substring(0, parquet.getName().length() - PARQUET.length());
    Path rejects = new Path(new Path(attempt, FeatureManifest.REJECTS), part + JSON_LINES);
    Path statistics = new Path(new Path(attempt, PartStatistics.DIRECTORY), part + JSON);
    Path outcomes = new Path(new Path(attempt, OutcomeFile.DIRECTORY), part);
    return new FeatureRecordWriter(
        conf,
        parquet,
        TaskSettings.extractor(conf),
        new RejectsWriter(conf, rejects),
        new OutcomeFile.Writer(conf, outcomes),
        statistics);
  }

  /** The output is a publisher's staging directory, which is there already. */
  @Override
  public void checkOutputSpecs(JobContext job) throws IOException {
    TokenCache.obtainTokensForNamenodes(
        job.getCredentials(), new Path[] {getOutputPath(job)}, job.getConfiguration());
  }
}
