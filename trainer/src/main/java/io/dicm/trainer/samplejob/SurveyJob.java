package io.dicm.trainer.samplejob;

import io.dicm.common.mapreduce.JobRunner;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.input.TableScan;
import io.dicm.trainer.input.TableScans;
import io.dicm.trainer.samplejob.SplitRule.LastDays;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Counters;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.apache.hadoop.mapreduce.lib.output.SequenceFileOutputFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks over the log by MapReduce before the samples are made: for its last moment, and for {@link
 * HeavyUsers}.
 *
 * @param conf that of the tasks
 * @param jobs runs the job
 */
record SurveyJob(Configuration conf, JobRunner jobs) {
  private static final Logger LOG = LoggerFactory.getLogger(SurveyJob.class);

  /** The heavy users' directory below the samples that are being made. */
  static final String DIRECTORY = "_heavy_users";

  /**
   * Whether a user of these tables may have more rows than one reduce call should take. Tables of
   * fewer bytes than that have none: a row takes a byte, as good as always.
   */
  boolean mayFindHeavyUsers(TableScans tables, SampleSettings settings) throws IOException {
    return settings.maxUserEvents() > 0 && bytes(tables) > settings.maxUserEvents();
  }

  /**
   * Looks over the log when the split or the log's size asks for it, and tells the tasks of later
   * jobs what was found, in {@link #conf}.
   *
   * @param output for the heavy users; not there yet, and needed by those tasks
   */
  void run(TableScans tables, SampleSettings settings, SplitRule rule, Path output)
      throws IOException, InterruptedException {
    boolean heavy = mayFindHeavyUsers(tables, settings);
    if (!heavy && !(rule instanceof LastDays)) {
      return;
    }
    Job job =
        job(
            rule instanceof LastDays ? tables : onlyMoments(tables),
            heavy ? settings.maxUserEvents() : 0,
            output);
    job.setNumReduceTasks(heavy ? settings.reducers() : 1);
    // Its tasks read the items too, to tell good rows from bad.
    Survey survey = survey(jobs.run(job, tables.paths(), ProgressListener.NONE));
    LOG.info("The log was looked over: {}", survey);
    TaskInput taskInput = new TaskInput(conf);
    taskInput.tellLastMoment(survey.lastMomentSeconds());
    if (survey.heavyUsers() > 0) {
      taskInput.tellHeavyUsers(output);
    }
  }

  private Job job(TableScans tables, long maxUserEvents, Path output) throws IOException {
    Job job = new JobRunner(conf).newJob("dicm samples: survey");
    TableInputs inputs = new TableInputs(job);
    inputs.add(tables.get(InputTable.IMPRESSIONS).source(), ImpressionSurveyMapper.class);
    if (maxUserEvents > 0) {
      tables
          .find(InputTable.BEHAVIORS)
          .ifPresent(scan -> inputs.add(scan.source(), SurveyMapper.class));
    }
    tables.tell(job.getConfiguration());
    SurveyRate.tell(job.getConfiguration(), maxUserEvents);
    job.setMapOutputKeyClass(UserEventKey.class);
    job.setMapOutputValueClass(NullWritable.class);
    job.setPartitionerClass(UserPartitioner.class);
    job.setSortComparatorClass(UserEventOrder.class);
    job.setGroupingComparatorClass(UserGrouping.class);
    job.setReducerClass(SurveyReducer.class);
    job.setOutputKeyClass(Text.class);
    job.setOutputValueClass(LongWritable.class);
    job.setOutputFormatClass(SequenceFileOutputFormat.class);
    FileOutputFormat.setOutputPath(job, output);
    return job;
  }

  /** Parquet leaves out all other columns; a last moment needs them, to tell good rows from bad. */
  private static TableScans onlyMoments(TableScans tables) {
    List<String> columns = List.of("user_id", "ts");
    return new TableScans(
        tables.scans().stream()
            .map(scan -> new TableScan(scan.table(), scan.source(), columns))
            .toList());
  }

  private long bytes(TableScans tables) throws IOException {
    long bytes = 0;
    for (InputTable table : new InputTable[] {InputTable.IMPRESSIONS, InputTable.BEHAVIORS}) {
      if (tables.find(table).isPresent()) {
        for (Path path : tables.get(table).source().paths()) {
          bytes += path.getFileSystem(conf).getContentSummary(path).getLength();
        }
      }
    }
    return bytes;
  }

  private static Survey survey(Counters counters) {
    return new Survey(
        counters.findCounter(SurveyReducer.GROUP, SurveyReducer.LAST_MOMENT).getValue(),
        counters.findCounter(SurveyReducer.GROUP, SurveyReducer.HEAVY_USERS).getValue(),
        counters.findCounter(SurveyReducer.GROUP, SurveyReducer.SEGMENTS).getValue());
  }
}
