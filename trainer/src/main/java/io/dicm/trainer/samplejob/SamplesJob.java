package io.dicm.trainer.samplejob;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.mapreduce.JobRunner;
import io.dicm.common.mapreduce.SmallJobs;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.sample.SplitTotals;
import io.dicm.trainer.samplejob.SplitRule.LastDays;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Counters;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes training and test samples from an input directory by MapReduce: one row a user and moment,
 * point in time, split by {@code dicm.samples.split}. For one thread.
 */
public final class SamplesJob {
  private static final Logger LOG = LoggerFactory.getLogger(SamplesJob.class);

  private final Configuration conf;
  private final JobRunner jobs;

  /**
   * @param conf with DICM's defaults
   */
  public SamplesJob(Configuration conf) {
    this(conf, new JobRunner(conf));
  }

  /**
   * @param conf with DICM's defaults
   * @param jobs runs the job
   */
  public SamplesJob(Configuration conf, JobRunner jobs) {
    this.conf = conf;
    this.jobs = jobs;
  }

  /**
   * Reads the settings as {@link #run} will, so that a client can say what is wrong with them.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID}
   */
  public static void checkSettings(Configuration conf) {
    SplitRule unused = TrainFrom.of(conf, SplitRule.parse(SampleSettings.of(conf).split()));
    SmallJobs unusedLimit = SmallJobs.of(conf);
  }

  /**
   * The first day that a run of this day trains on when it goes on where the day before ended: the
   * day itself, or, where the last days of the log are for testing, the newest one before them. So
   * the runs of consecutive days train on each day once, after it was tested.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for a wrong split rule
   */
  public static LocalDate trainFromOfDay(Configuration conf, LocalDate day) {
    return trainFromOfDay(SampleSettings.of(conf).split(), day);
  }

  /**
   * As {@link #trainFromOfDay(Configuration, LocalDate)}.
   *
   * @param split the rule, as {@code dicm.samples.split} has it
   */
  public static LocalDate trainFromOfDay(String split, LocalDate day) {
    SplitRule rule = SplitRule.parse(split);
    return rule instanceof LastDays last ? day.minusDays(last.days()) : day;
  }

  /**
   * Looks for what the settings name beside the input.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING}
   */
  public static void checkFiles(Configuration conf) throws IOException {
    SharedImages.check(conf);
  }

  /**
   * Makes the samples and publishes them.
   *
   * @param input the input directory
   * @param target the samples directory, replaced as a whole
   * @return what the directory holds
   * @throws DicmException {@link ErrorCode#INPUT_MISSING}, {@link ErrorCode#INPUT_INVALID}, {@link
   *     ErrorCode#FEATURES_JSON_INVALID}, {@link ErrorCode#CONFIGURATION_INVALID}, {@link
   *     ErrorCode#BAD_DATA_THRESHOLD_EXCEEDED} or {@link ErrorCode#STAGE_FAILED}; the target is
   *     then untouched
   */
  public SampleManifest run(Path input, Path target, ProgressListener progress)
      throws IOException, InterruptedException {
    SharedImages.check(conf);
    SampleSettings settings = SampleSettings.of(conf);
    SplitRule rule = SplitRule.parse(settings.split());
    SampleInput tables = SampleInput.check(conf, new InputLayout(input));
    Configuration taskConf = new Configuration(conf);
    new TaskInput(taskConf).tell(tables);
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, target)) {
      Path heavyUsers = new Path(publisher.staging(), SurveyJob.DIRECTORY);
      new SurveyJob(taskConf, jobs).run(tables.tables(), settings, rule, heavyUsers);
      Job job = samplesJob(taskConf, tables, settings, publisher.staging());
      Counters counters = jobs.run(job, tables.tables().paths(), progress);
      heavyUsers.getFileSystem(conf).delete(heavyUsers, true);
      SampleManifest manifest =
          manifest(counters, settings, tables.schema(), DicmConfiguration.of(conf));
      new BadRowLimit(settings.maxBadFraction()).check(manifest, publisher);
      requireSamples(manifest, tables);
      new ItemStatisticsJob(jobs)
          .run(publisher.staging(), settings.reducers(), ProgressListener.NONE);
      new CatalogueReader(tables, ItemCatalogue.MOST_ITEMS)
          .read(conf, publisher.staging(), settings.seed())
          .write(conf, publisher.staging());
      new FieldTotals(conf, tables).take(publisher.staging()).write(conf, publisher.staging());
      manifest.write(conf, publisher.staging());
      publisher.publish();
      LOG.info("Samples of {}: {}", tables.layout().root(), manifest);
      return manifest;
    }
  }

  private static Job samplesJob(
      Configuration taskConf, SampleInput tables, SampleSettings settings, Path staging)
      throws IOException {
    Job job = new JobRunner(taskConf).newJob("dicm samples");
    TableInputs inputs = new TableInputs(job);
    inputs.add(tables.tables().get(InputTable.IMPRESSIONS).source(), ImpressionMapper.class);
    tables
        .tables()
        .find(InputTable.BEHAVIORS)
        .ifPresent(scan -> inputs.add(scan.source(), BehaviorMapper.class));
    job.setMapOutputKeyClass(UserEventKey.class);
    job.setMapOutputValueClass(UserEventWritable.class);
    job.setPartitionerClass(UserPartitioner.class);
    job.setSortComparatorClass(UserEventOrder.class);
    job.setGroupingComparatorClass(UserGrouping.class);
    job.setReducerClass(SampleReducer.class);
    job.setNumReduceTasks(settings.reducers());
    job.setOutputFormatClass(SampleOutputFormat.class);
    job.setOutputKeyClass(Text.class);
    job.setOutputValueClass(SampleWritable.class);
    job.getConfiguration().setBoolean("mapreduce.fileoutputcommitter.marksuccessfuljobs", false);
    FileOutputFormat.setOutputPath(job, staging);
    return job;
  }

  private static SampleManifest manifest(
      Counters counters, SampleSettings settings, FeatureSchema schema, DicmConfiguration conf) {
    return new SampleManifest(
        SampleManifest.FORMAT_VERSION,
        schema.digest(),
        settings.split(),
        settings.maxBehaviors(),
        settings.windowDays(),
        settings.sharedImages(),
        settings.itemHoldoutFraction(),
        settings.negativeKeepFraction(),
        settings.minDwellSeconds(),
        settings.seed(),
        conf.text(DicmKeys.SAMPLES_TRAIN_FROM),
        conf.text(DicmKeys.INPUT_FROM_DATE),
        conf.text(DicmKeys.INPUT_TO_DATE),
        SampleCounters.totals(counters, SampleSplit.TRAIN),
        SampleCounters.totals(counters, SampleSplit.TEST),
        SampleCounters.leftOut(counters),
        SampleCounters.tables(counters));
  }

  /** Both splits: without test samples the run would fail when they are scored, hours later. */
  private static void requireSamples(SampleManifest manifest, SampleInput tables) {
    requireSamples("train", manifest.train(), manifest, tables);
    requireSamples("test", manifest.test(), manifest, tables);
  }

  private static void requireSamples(
      String what, SplitTotals totals, SampleManifest manifest, SampleInput tables) {
    if (totals.impressions() == 0) {
      throw new DicmException(
          ErrorCode.INPUT_INVALID,
          String.format(
              Locale.ROOT,
              "Cannot %s: %s gave no impression for it, of %d rows, under %s=%s%s.",
              what,
              tables.name(InputTable.IMPRESSIONS),
              manifest.rows(tables.name(InputTable.IMPRESSIONS)),
              DicmKeys.SAMPLES_SPLIT,
              manifest.split(),
              manifest.leftOut().isEmpty() ? "" : ", and left out were " + manifest.leftOut()));
    }
  }
}
