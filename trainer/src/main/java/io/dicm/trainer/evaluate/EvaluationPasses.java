package io.dicm.trainer.evaluate;

import io.dicm.common.mapreduce.JobRunner;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.IntWritable;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Counters;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.apache.hadoop.mapreduce.lib.output.SequenceFileOutputFormat;
import org.apache.hadoop.mapreduce.lib.reduce.LongSumReducer;
import org.apache.parquet.hadoop.ParquetInputFormat;

/**
 * The two passes of an evaluation over the predictions, each a MapReduce job.
 *
 * @param predictions a directory of predictions
 * @param work a directory for the jobs' outputs
 */
record EvaluationPasses(JobRunner jobs, EvaluationSettings settings, Path predictions, Path work) {

  /** Counts scores and categories. */
  Survey survey(ProgressListener progress) throws IOException, InterruptedException {
    Job job = job("dicm evaluate: survey");
    job.setMapperClass(SurveyMapper.class);
    job.setCombinerClass(LongSumReducer.class);
    job.setReducerClass(LongSumReducer.class);
    job.setNumReduceTasks(1);
    job.setMapOutputKeyClass(Text.class);
    job.setMapOutputValueClass(LongWritable.class);
    job.setOutputKeyClass(Text.class);
    job.setOutputValueClass(LongWritable.class);
    Path output = output(job, "survey");
    run(job, progress);
    Survey survey = new Survey(settings.categories());
    Text key = new Text();
    LongWritable count = new LongWritable();
    JobOutput.read(job.getConfiguration(), output, key, count, () -> survey.add(key, count.get()));
    return survey;
  }

  /** Ranks all impressions, and each user's. */
  EvaluationSums rank(TaskPlan plan, ProgressListener progress)
      throws IOException, InterruptedException {
    Job job = job("dicm evaluate: metrics");
    plan.tell(job.getConfiguration());
    job.setMapperClass(ScoreMapper.class);
    job.setMapOutputKeyClass(ScoreKey.class);
    job.setMapOutputValueClass(ScoreValue.class);
    job.setPartitionerClass(ScorePartitioner.class);
    job.setSortComparatorClass(ScoreOrder.class);
    job.setGroupingComparatorClass(ScoreGrouping.class);
    job.setReducerClass(MetricReducer.class);
    job.setNumReduceTasks(settings.reducers());
    job.setOutputKeyClass(IntWritable.class);
    job.setOutputValueClass(DoubleRows.class);
    Path output = output(job, "metrics");
    run(job, progress);
    EvaluationSums sums =
        new EvaluationSums(
            plan.parts(), new PoissonWeights(settings.bootstrapReplicates()).columns());
    IntWritable part = new IntWritable();
    DoubleRows rows = new DoubleRows();
    JobOutput.read(job.getConfiguration(), output, part, rows, () -> sums.add(part.get(), rows));
    return sums;
  }

  private Job job(String name) throws IOException {
    Job job = jobs.newJob(name);
    job.setInputFormatClass(ParquetInputFormat.class);
    ParquetInputFormat.setReadSupportClass(job, PredictionReadSupport.class);
    ParquetInputFormat.addInputPath(job, predictions);
    job.setOutputFormatClass(SequenceFileOutputFormat.class);
    return job;
  }

  private void run(Job job, ProgressListener progress) throws IOException, InterruptedException {
    Counters unused = jobs.run(job, List.of(predictions), progress);
  }

  private Path output(Job job, String name) {
    Path output = new Path(work, name);
    FileOutputFormat.setOutputPath(job, output);
    return output;
  }
}
