package io.dicm.trainer.samplejob;

import io.dicm.common.mapreduce.JobRunner;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.sample.ItemCounts;
import io.dicm.trainer.sample.ItemStatistics;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Counters;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.apache.parquet.hadoop.ParquetInputFormat;
import org.apache.parquet.hadoop.api.ReadSupport;

/**
 * Counts by MapReduce how often samples show each item, adds what {@link LeftOutItems} counted, and
 * writes {@link ItemStatistics} beside them.
 *
 * @param jobs runs the job
 */
record ItemStatisticsJob(JobRunner jobs) {

  /**
   * @param samples a directory that has both splits and no statistics yet; loses the counts of what
   *     was left out
   * @param reducers files of statistics
   */
  void run(Path samples, int reducers, ProgressListener progress)
      throws IOException, InterruptedException {
    Job job = jobs.newJob("dicm samples: items");
    for (SampleSplit split : SampleSplit.values()) {
      ParquetInputFormat.addInputPath(job, new Path(samples, split.directory()));
    }
    Path leftOut = new Path(samples, LeftOutItems.DIRECTORY);
    FileSystem fs = leftOut.getFileSystem(job.getConfiguration());
    if (fs.exists(leftOut)) {
      ParquetInputFormat.addInputPath(job, leftOut);
    }
    job.setInputFormatClass(ParquetInputFormat.class);
    ParquetInputFormat.setReadSupportClass(job, ItemReadSupport.class);
    job.getConfiguration().set(ReadSupport.PARQUET_READ_SCHEMA, ItemMapper.COLUMNS);
    job.setMapperClass(ItemMapper.class);
    job.setCombinerClass(ItemReducer.class);
    job.setReducerClass(ItemReducer.class);
    job.setNumReduceTasks(reducers);
    job.setOutputKeyClass(Text.class);
    job.setOutputValueClass(ItemCounts.class);
    job.setOutputFormatClass(ItemOutputFormat.class);
    job.getConfiguration().setBoolean("mapreduce.fileoutputcommitter.marksuccessfuljobs", false);
    FileOutputFormat.setOutputPath(job, new Path(samples, ItemStatistics.DIRECTORY));
    Counters unused = jobs.run(job, List.of(FileInputFormat.getInputPaths(job)), progress);
    fs.delete(leftOut, true);
  }
}
