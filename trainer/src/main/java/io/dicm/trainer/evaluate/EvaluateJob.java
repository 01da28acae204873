package io.dicm.trainer.evaluate;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.mapreduce.JobRunner;
import io.dicm.common.mapreduce.SmallJobs;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.parquet.RowFields;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns predictions into metrics by two MapReduce jobs: a survey of scores and categories, then the
 * ranking of all impressions and of each user's. For one thread.
 */
public final class EvaluateJob {
  /** The metrics of all impressions as JSON, beside the Parquet table; hidden from Hive. */
  public static final String JSON_FILE = "_metrics.json";

  /** The table's columns. */
  public static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message metric { required binary metric (STRING); required double value; }");

  private static final Logger LOG = LoggerFactory.getLogger(EvaluateJob.class);

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
   * @param jobs runs the jobs
   */
  public EvaluateJob(Configuration conf, JobRunner jobs) {
    this.conf = conf;
    this.jobs = jobs;
  }

  /**
   * Reads the settings as {@link #run} will, so that a client can say what is wrong with them.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID}
   */
  public static void checkSettings(Configuration conf) {
    EvaluationSettings unused = EvaluationSettings.of(conf);
    SmallJobs unusedLimit = SmallJobs.of(conf);
  }

  /**
   * Evaluates predictions and publishes metrics, {@link Evaluation} and replicates.
   *
   * @param predictions a directory of files made by {@link PredictionTable#writer}
   * @param target the metrics partition, replaced as a whole
   * @return the metrics of all impressions
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when there are no predictions, {@link
   *     ErrorCode#SCHEMA_MISMATCH} when an earlier version made them, {@link
   *     ErrorCode#STAGE_FAILED}; the target is then untouched
   */
  public Metrics run(Path predictions, Path target, ProgressListener progress)
      throws IOException, InterruptedException {
    return run(predictions, target, Optional.empty(), progress);
  }

  /**
   * As {@link #run(Path, Path, ProgressListener)}, and publishes the {@link MetricSliceTable}, of
   * the same evaluation, before the metrics: where there are metrics there are their slices.
   *
   * @param slices the slices' partition, replaced as a whole
   */
  public Metrics run(Path predictions, Path target, Path slices, ProgressListener progress)
      throws IOException, InterruptedException {
    return run(predictions, target, Optional.of(slices), progress);
  }

  private Metrics run(
      Path predictions, Path target, Optional<Path> slices, ProgressListener progress)
      throws IOException, InterruptedException {
    EvaluationSettings settings = EvaluationSettings.of(conf);
    requirePredictions(predictions);
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, target)) {
      Path partial = new Path(publisher.staging(), "_partial");
      EvaluationPasses passes = new EvaluationPasses(jobs, settings, predictions, partial);
      Survey survey = passes.survey(progress);
      if (survey.impressions() == 0) {
        throw missing(predictions);
      }
      EvaluationSums sums = passes.rank(TaskPlan.of(survey, settings.reducers()), progress);
      FileSystem fs = partial.getFileSystem(conf);
      fs.delete(partial, true);
      Evaluation evaluation = write(sums, survey.impressionsDigest(), publisher.staging());
      if (slices.isPresent()) {
        new MetricSliceTable(conf).publish(evaluation, slices.get());
      }
      publisher.publish();
      LOG.info("Metrics of {}: {}", predictions, sums.metrics());
      return sums.metrics();
    }
  }

  private Evaluation write(EvaluationSums sums, String digest, Path directory) throws IOException {
    Map<String, Double> metrics = sums.metrics().values();
    new JsonFiles(conf).write(new Path(directory, JSON_FILE), metrics);
    writeTable(metrics, directory);
    Replicates replicates = sums.replicates();
    replicates.write(conf, directory);
    Evaluation evaluation = sums.evaluation(digest, replicates);
    evaluation.write(conf, directory);
    return evaluation;
  }

  private void writeTable(Map<String, Double> metrics, Path directory) throws IOException {
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
    List<FileStatus> files =
        fs.exists(predictions) ? ParquetTables.files(conf, predictions) : List.of();
    if (files.isEmpty()) {
      throw missing(predictions);
    }
    PredictionTable.requireColumns(conf, files.get(0).getPath());
  }

  private static DicmException missing(Path predictions) {
    return new DicmException(
        ErrorCode.INPUT_MISSING,
        "Cannot evaluate: there are no predictions in " + predictions + ". Predict first.");
  }
}
