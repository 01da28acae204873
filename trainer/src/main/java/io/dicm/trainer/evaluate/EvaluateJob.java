package io.dicm.trainer.evaluate;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.mapreduce.JobRunner;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.parquet.RowFields;
import io.dicm.common.progress.ProgressListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.DoubleWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.apache.hadoop.mapreduce.lib.output.TextOutputFormat;
import org.apache.parquet.hadoop.ParquetInputFormat;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns predictions into metrics by MapReduce. For one thread. */
public final class EvaluateJob {
  /** The metrics as JSON, beside the Parquet table; hidden by its name from Hive. */
  public static final String JSON_FILE = "_metrics.json";

  /** The table's columns. */
  public static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message metric { required binary metric (STRING); required double value; }");

  private static final Logger LOG = LoggerFactory.getLogger(EvaluateJob.class);
  private static final int REDUCERS = 2;

  private final Configuration conf;
  private final JobRunner jobs;

  /**
   * @param conf with DICM's defaults
   */
  public EvaluateJob(Configuration conf) {
    this(conf, new JobRunner(conf));
  }

  /**
   * @param conf with DICM's defaults
   * @param jobs runs the job
   */
  public EvaluateJob(Configuration conf, JobRunner jobs) {
    this.conf = conf;
    this.jobs = jobs;
  }

  /**
   * Evaluates predictions and publishes the metrics.
   *
   * @param predictions a directory of files made by {@link PredictionTable#writer}
   * @param target the metrics partition, replaced as a whole
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when there are no predictions, {@link
   *     ErrorCode#STAGE_FAILED}; the target is then untouched
   */
  public Metrics run(Path predictions, Path target, ProgressListener progress)
      throws IOException, InterruptedException {
    requirePredictions(predictions);
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, target)) {
      Path partial = new Path(publisher.staging(), "_partial");
      jobs.run(job(predictions, partial), progress);
      Metrics metrics = readSums(partial).metrics();
      if (metrics.impressions() == 0) {
        throw missing(predictions);
      }
      publisher.staging().getFileSystem(conf).delete(partial, true);
      write(metrics.values(), publisher.staging());
      publisher.publish();
      LOG.info("Metrics of {}: {}", predictions, metrics);
      return metrics;
    }
  }

  private Job job(Path predictions, Path output) throws IOException {
    Job job = jobs.newJob("dicm evaluate");
    job.setInputFormatClass(ParquetInputFormat.class);
    ParquetInputFormat.setReadSupportClass(job, PredictionReadSupport.class);
    ParquetInputFormat.addInputPath(job, predictions);
    job.setMapperClass(ScoreMapper.class);
    job.setMapOutputKeyClass(ScoreKey.class);
    job.setMapOutputValueClass(ScoreCounts.class);
    job.setCombinerClass(ScoreCombiner.class);
    job.setPartitionerClass(ScorePartitioner.class);
    job.setSortComparatorClass(ScoreOrder.class);
    job.setGroupingComparatorClass(ScoreGrouping.class);
    job.setReducerClass(MetricReducer.class);
    job.setNumReduceTasks(REDUCERS);
    job.setOutputKeyClass(Text.class);
    job.setOutputValueClass(DoubleWritable.class);
    job.setOutputFormatClass(TextOutputFormat.class);
    FileOutputFormat.setOutputPath(job, output);
    return job;
  }

  private MetricSums readSums(Path directory) throws IOException {
    MetricSums sums = new MetricSums();
    FileSystem fs = directory.getFileSystem(conf);
    for (FileStatus file : fs.listStatus(directory, path -> path.getName().startsWith("part-"))) {
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(fs.open(file.getPath()), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          int tab = line.indexOf('\t');
          sums.add(
              MetricSums.Sum.valueOf(line.substring(0, tab)),
              Double.parseDouble(line.substring(tab + 1)));
        }
      }
    }
    return sums;
  }

  private void write(Map<String, Double> metrics, Path directory) throws IOException {
    new JsonFiles(conf).write(new Path(directory, JSON_FILE), metrics);
    try (ParquetTableWriter<Map.Entry<String, Double>> table =
        new ParquetTableWriter<>(
            conf, new Path(directory, "part-0.parquet"), SCHEMA, EvaluateJob::write)) {
      for (Map.Entry<String, Double> metric : metrics.entrySet()) {
        table.write(metric);
      }
    }
  }

  private static void write(RecordConsumer out, Map.Entry<String, Double> metric) {
    RowFields.string(out, "metric", 0, metric.getKey());
    RowFields.float64(out, "value", 1, metric.getValue());
  }

  private void requirePredictions(Path predictions) throws IOException {
    FileSystem fs = predictions.getFileSystem(conf);
    if (!fs.exists(predictions) || ParquetTables.files(conf, predictions).isEmpty()) {
      throw missing(predictions);
    }
  }

  private static DicmException missing(Path predictions) {
    return new DicmException(
        ErrorCode.INPUT_MISSING,
        "Cannot evaluate: there are no predictions in " + predictions + ". Predict first.");
  }
}
