package io.dicm.common.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.IntWritable;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Counters;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.Mapper;
import org.apache.hadoop.mapreduce.OutputCommitter;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskCounter;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.hadoop.mapreduce.lib.input.TextInputFormat;
import org.apache.hadoop.mapreduce.lib.map.TokenCounterMapper;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.apache.hadoop.mapreduce.lib.output.NullOutputFormat;
import org.apache.hadoop.mapreduce.lib.output.TextOutputFormat;
import org.apache.hadoop.mapreduce.lib.reduce.IntSumReducer;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Small jobs with a cluster's settings, where there is no cluster. */
@Timeout(60)
class TestLocalJob {
  /** What Hadoop says of a framework that it does not know. */
  private static final String CLUSTER_ASKED = "Cannot initialize Cluster";

  private static final Semaphore BLOCKED = new Semaphore(0);
  private static final Semaphore INTERRUPTED = new Semaphore(0);

  private final Configuration conf = new Configuration();
  private final List<TaskMemory> memory = new ArrayList<>();
  private final List<Long> progress = new ArrayList<>();

  @TempDir private Path folder;
  private Path output;

  @BeforeEach
  void setUp() throws IOException {
    conf.addResource("dicm-default.xml");
    conf.set("mapreduce.framework.name", "no-such-framework");
    conf.set("mapreduce.application.framework.path", "file:/nowhere/hadoop.tar.gz#hadoop");
    conf.set("mapreduce.map.output.compress", "true");
    conf.set("mapreduce.map.output.compress.codec", "org.example.NoSuchCodec");
    conf.set(JobRunner.APPLICATION_ARCHIVE, "file:/nowhere/dicm.jar");
    Files.createDirectories(folder.resolve("in"));
    Files.writeString(folder.resolve("in/a"), "shoe hat shoe tie\n");
    Files.writeString(folder.resolve("in/b"), "hat shoe\n");
    output = folder.resolve("out");
  }

  @Test
  void resultsAndCountersAreThoseOfTheJobElsewhere() throws Exception {
    Configuration elsewhere = new Configuration();
    elsewhere.set("mapreduce.framework.name", "local");
    elsewhere.set("hadoop.tmp.dir", folder.resolve("tmp").toString());
    JobRunner usual = new JobRunner(elsewhere);
    Job same = wordCount(usual, folder.resolve("same"));
    usual.run(same, ProgressListener.NONE);

    Counters counters = run(wordCount(runner(), output));

    assertThat(files(output)).isEqualTo(files(folder.resolve("same"))).hasSize(2);
    for (TaskCounter counter :
        List.of(
            TaskCounter.MAP_INPUT_RECORDS,
            TaskCounter.MAP_OUTPUT_RECORDS,
            TaskCounter.REDUCE_INPUT_GROUPS,
            TaskCounter.REDUCE_OUTPUT_RECORDS)) {
      assertThat(counters.findCounter(counter).getValue())
          .as(counter.name())
          .isPositive()
          .isEqualTo(same.getCounters().findCounter(counter).getValue());
    }
    assertThat(progress).last().isEqualTo(1000L);
    assertThat(memory).as("tasks that had no containers").isEmpty();
  }

  @Test
  void tasksAreTheCallersAndLeaveNothingOnLocalDisks() throws Exception {
    UserGroupInformation ann = UserGroupInformation.createRemoteUser("ann");

    ann.doAs(
        (PrivilegedExceptionAction<Counters>)
            () -> run(mapOnly(runner(), TellingMapper.class, TextOutputFormat.class)));

    List<String> told = Files.readAllLines(output.resolve("part-m-00000"));
    assertThat(told.get(0)).isEqualTo("ann");
    Path tasks = Path.of(told.get(1));
    Path job =
        Stream.iterate(tasks, Path::getParent)
            .filter(path -> path.getFileName().toString().startsWith("dicm-job-"))
            .findFirst()
            .orElseThrow();
    assertThat(job.getParent()).isEqualTo(Path.of(System.getProperty("java.io.tmpdir")));
    assertThat(job).doesNotExist();
  }

  @Test
  void whatFailsHereIsAskedOfTheClusterAndLeavesNoOutput() throws Exception {
    // By this version a task's output is in its place when the task ends, not the job.
    conf.set("mapreduce.fileoutputcommitter.algorithm.version", "2");
    Files.createDirectories(output);
    Files.writeString(output.resolve("of-another-job"), "");
    Job job = mapOnly(runner(), FailingMapper.class, UncheckedOutputFormat.class);

    assertThatThrownBy(() -> run(job)).hasMessageContaining(CLUSTER_ASKED);

    assertThat(files(output)).containsOnlyKeys("of-another-job");
    assertThat(job.getConfiguration().get("mapreduce.framework.name"))
        .as("the job that the cluster gets")
        .isEqualTo("no-such-framework");
    assertThat(job.getCacheArchives()).hasSize(1);
  }

  @Test
  void aNewOutputDirectoryIsRemovedAfterAFailure() throws Exception {
    Job job = mapOnly(runner(), FailingMapper.class, TextOutputFormat.class);

    assertThatThrownBy(() -> run(job)).hasMessageContaining(CLUSTER_ASKED);

    assertThat(output).doesNotExist();
  }

  @Test
  void aJobThatCannotBeSubmittedHereIsAskedOfTheCluster() throws Exception {
    Job job = wordCount(runner(), output);
    job.setInputFormatClass(Refusing.class);

    assertThatThrownBy(() -> run(job)).hasMessageContaining(CLUSTER_ASKED);
  }

  /** Hadoop's runner never ends such a job. */
  @Test
  void aJobWithoutACommitterIsAskedOfTheCluster() throws Exception {
    Job job = wordCount(runner(), output);
    job.setOutputFormatClass(NoCommitter.class);

    assertThatThrownBy(() -> run(job)).hasMessageContaining(CLUSTER_ASKED);
  }

  @Test
  void aLargeJobIsNotTriedHere() throws Exception {
    conf.set("dicm.mapreduce.local-input-mb", "0");

    assertThatThrownBy(() -> run(wordCount(runner(), output))).hasMessageContaining(CLUSTER_ASKED);

    assertThat(progress).isEmpty();
    assertThat(output).doesNotExist();
  }

  @Test
  void anInterruptEndsTheTasksAndIsNoReasonForTheCluster() throws Exception {
    Job job = mapOnly(runner(), BlockedMapper.class, TextOutputFormat.class);
    FutureTask<Counters> run = new FutureTask<>(() -> run(job));
    Thread stage = new Thread(run, "stage");
    stage.start();
    assertThat(BLOCKED.tryAcquire(30, TimeUnit.SECONDS)).isTrue();

    stage.interrupt();

    assertThatThrownBy(() -> run.get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(INTERRUPTED.tryAcquire()).as("the task had ended before the stage").isTrue();
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> !thread.isDaemon() && thread.getThreadGroup() != null)
        .extracting(thread -> thread.getThreadGroup().getName())
        .doesNotContain("blocked");
    assertThat(output).isEmptyDirectory();
  }

  private JobRunner runner() {
    return new JobRunner(conf, memory::add);
  }

  private Counters run(Job job) throws IOException, InterruptedException {
    return runner()
        .run(
            job,
            List.of(FileInputFormat.getInputPaths(job)),
            (done, total, note) -> progress.add(done));
  }

  private Job wordCount(JobRunner runner, Path target) throws IOException {
    Job job = runner.newJob("words");
    FileInputFormat.addInputPath(job, hadoop(folder.resolve("in")));
    job.setMapperClass(TokenCounterMapper.class);
    job.setCombinerClass(IntSumReducer.class);
    job.setReducerClass(IntSumReducer.class);
    job.setNumReduceTasks(2);
    job.setOutputKeyClass(Text.class);
    job.setOutputValueClass(IntWritable.class);
    FileOutputFormat.setOutputPath(job, hadoop(target));
    return job;
  }

  @SuppressWarnings("rawtypes") // Hadoop's format is generic, its class is not.
  private Job mapOnly(
      JobRunner runner,
      Class<? extends Mapper<LongWritable, Text, Text, NullWritable>> mapper,
      Class<? extends TextOutputFormat> format)
      throws IOException {
    Job job = runner.newJob("blocked");
    FileInputFormat.addInputPath(job, hadoop(folder.resolve("in")));
    job.setMapperClass(mapper);
    job.setNumReduceTasks(0);
    job.setOutputKeyClass(Text.class);
    job.setOutputValueClass(NullWritable.class);
    job.setOutputFormatClass(format);
    job.getConfiguration().setBoolean("mapreduce.fileoutputcommitter.marksuccessfuljobs", false);
    FileOutputFormat.setOutputPath(job, hadoop(output));
    return job;
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  /** Contents by name, without checksums and markers. */
  private static Map<String, String> files(Path directory) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> children = Files.list(directory)) {
      for (Path child : children.toList()) {
        String name = child.getFileName().toString();
        if (!name.startsWith(".") && !name.startsWith("_SUCCESS")) {
          files.put(name, Files.readString(child));
        }
      }
    }
    return files;
  }

  /** Made by Hadoop by name: writes whose task it is, and where it may write on local disks. */
  public static final class TellingMapper extends Mapper<LongWritable, Text, Text, NullWritable> {
    @Override
    protected void map(LongWritable key, Text line, Context context)
        throws IOException, InterruptedException {
      String user = UserGroupInformation.getCurrentUser().getShortUserName();
      context.write(new Text(user), NullWritable.get());
      context.write(
          new Text(context.getConfiguration().get("mapreduce.cluster.local.dir")),
          NullWritable.get());
    }
  }

  /** The first task, of the larger file, ends well. */
  public static final class FailingMapper extends Mapper<LongWritable, Text, Text, NullWritable> {
    @Override
    protected void map(LongWritable key, Text line, Context context)
        throws IOException, InterruptedException {
      if (context.getTaskAttemptID().getTaskID().getId() > 0) {
        throw new IllegalStateException("a failure on purpose");
      }
      context.write(line, NullWritable.get());
    }
  }

  /** Waits for ever. */
  public static final class BlockedMapper extends Mapper<LongWritable, Text, Text, NullWritable> {
    @Override
    protected void map(LongWritable key, Text line, Context context) throws InterruptedException {
      BLOCKED.release();
      try {
        new CountDownLatch(1).await();
      } finally {
        INTERRUPTED.release();
      }
    }
  }

  /** Writes into a directory that is there. */
  public static final class UncheckedOutputFormat extends TextOutputFormat<Text, NullWritable> {
    @Override
    public void checkOutputSpecs(JobContext context) {}
  }

  /** Has no committer. */
  public static final class NoCommitter extends NullOutputFormat<Text, IntWritable> {
    @Override
    public OutputCommitter getOutputCommitter(TaskAttemptContext context) {
      throw new IllegalStateException("no committer on purpose");
    }
  }

  /** Has no splits. */
  public static final class Refusing extends TextInputFormat {
    @Override
    public List<InputSplit> getSplits(JobContext job) {
      throw new IllegalStateException("no splits on purpose");
    }
  }
}
