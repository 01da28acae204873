package io.dicm.trainer.samplejob;

import io.dicm.common.parquet.ParquetTables;
import io.dicm.trainer.sample.SampleWriter;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.RecordWriter;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.apache.hadoop.mapreduce.security.TokenCache;

/**
 * Writes a training and a test file for each reducer. The files are written where only this attempt
 * of the task works, and moved when it is committed.
 */
public final class SampleOutputFormat extends FileOutputFormat<Text, SampleWritable> {
  /** The output is a staging directory, which is there and empty. */
  @Override
  public void checkOutputSpecs(JobContext context) throws IOException {
    Configuration conf = context.getConfiguration();
    TokenCache.obtainTokensForNamenodes(
        context.getCredentials(), new Path[] {getOutputPath(context)}, conf);
  }

  @Override
  public RecordWriter<Text, SampleWritable> getRecordWriter(TaskAttemptContext context)
      throws IOException {
    Configuration conf = context.getConfiguration();
    FeatureSchema schema = new TaskInput(conf).schema();
    Path work = ((FileOutputCommitter) getOutputCommitter(context)).getWorkPath();
    String name = ParquetTables.partName(context.getTaskAttemptID().getTaskID().getId());
    Map<SampleSplit, SampleWriter> files = new EnumMap<>(SampleSplit.class);
    for (SampleSplit split : SampleSplit.values()) {
      Path file = new Path(new Path(work, split.directory()), name);
      files.put(split, new SampleWriter(conf, file, schema));
    }
    return new TwoFiles(files);
  }

  private static final class TwoFiles extends RecordWriter<Text, SampleWritable> {
    private final Map<SampleSplit, SampleWriter> files;

    TwoFiles(Map<SampleSplit, SampleWriter> files) {
      this.files = files;
    }

    @Override
    public void write(Text split, SampleWritable sample) throws IOException {
      files.get(SampleSplit.valueOf(split.toString())).write(sample.sample());
    }

    @Override
    public void close(TaskAttemptContext context) throws IOException {
      for (SampleWriter file : files.values()) {
        file.close();
      }
    }
  }
}
