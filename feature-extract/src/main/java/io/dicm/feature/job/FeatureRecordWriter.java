package io.dicm.feature.job;

import io.dicm.common.json.JsonFiles;
import io.dicm.feature.decode.RejectedImage;
import io.dicm.feature.encode.ExtractorDescription;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureStoreWriter;
import io.dicm.feature.store.WrittenFile;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.RecordWriter;
import org.apache.hadoop.mapreduce.TaskAttemptContext;

/** One reduce task's files: vectors, rejections, and the statistics of both. */
final class FeatureRecordWriter extends RecordWriter<NullWritable, ExtractedImage> {
  private final Configuration conf;
  private final Path parquet;
  private final ExtractorDescription extractor;
  private final RejectsWriter rejects;
  private final OutcomeFile.Writer outcomes;
  private final Path statistics;
  private FeatureStoreWriter features;
  private long reused;

  FeatureRecordWriter(
      Configuration conf,
      Path parquet,
      ExtractorDescription extractor,
      RejectsWriter rejects,
      OutcomeFile.Writer outcomes,
      Path statistics) {
    this.conf = conf;
    this.parquet = parquet;
    this.extractor = extractor;
    this.rejects = rejects;
    this.outcomes = outcomes;
    this.statistics = statistics;
  }

  @Override
  public void write(NullWritable ignored, ExtractedImage image) throws IOException {
    if (image.feature().isPresent()) {
      write(image.feature().get());
      return;
    }
    outcomes.write(image);
    if (image.isKnown()) {
      reused++;
    } else {
      RejectedImage rejection = image.rejection().orElseThrow();
      rejects.write(image.imageId(), image.path(), rejection);
    }
  }

  @Override
  public void close(TaskAttemptContext task) throws IOException {
    rejects.close();
    outcomes.close();
    WrittenFile written = features == null ? null : features.finish();
    new JsonFiles(conf)
        .write(
            statistics,
            new PartStatistics(written, reused, rejects.byReason(), rejects.examples()));
  }

  private void write(FeatureRecord image) throws IOException {
    if (features == null) {
      features = new FeatureStoreWriter(conf, parquet, extractor);
    }
    features.write(image);
  }
}
