package io.dicm.common.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.InputFormat;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.JobStatus;
import org.apache.hadoop.mapreduce.RecordReader;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.lib.output.NullOutputFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestJobRunner {
  private final Configuration conf = new Configuration();

  @TempDir private Path folder;

  @Test
  void jobHasOurJarBeforeTheClustersClassPath() throws IOException {
    conf.set(JobRunner.APPLICATION_ARCHIVE, "hdfs://nn/u/.dicm/jars/1/dicm.jar");
    conf.set("mapreduce.application.classpath", "/opt/a/*, /opt/b/*");
    conf.set(DicmKeys.YARN_QUEUE, "ads");

    Configuration job = new JobRunner(conf).newJob("extract").getConfiguration();

    assertThat(job.get("mapreduce.application.classpath"))
        .isEqualTo("$PWD/dicm/lib/*,$PWD/dicm,/opt/a/*,/opt/b/*");
    assertThat(new JobRunner(conf).newJob("extract").getCacheArchives())
        .containsExactly(URI.create("hdfs://nn/u/.dicm/jars/1/dicm.jar#dicm"));
    assertThat(job.get("mapreduce.job.queuename")).isEqualTo("ads");
    assertThat(conf.get("mapreduce.application.classpath"))
        .as("the caller's own settings")
        .isEqualTo("/opt/a/*, /opt/b/*");
  }

  @Test
  void everyProcessOfAJobHasTheJavaOptions() throws IOException {
    conf.set(DicmKeys.YARN_JAVA_OPTIONS, "-Xint");

    Configuration job = new JobRunner(conf).newJob("x").getConfiguration();

    assertThat(job.get("mapreduce.admin.map.child.java.opts")).endsWith(" -Xint");
    assertThat(job.get("mapreduce.admin.reduce.child.java.opts")).endsWith(" -Xint");
    assertThat(job.get("yarn.app.mapreduce.am.admin-command-opts")).endsWith("-Xint");
  }

  @Test
  void clustersDefaultClassPathStays() throws IOException {
    conf.set(JobRunner.APPLICATION_ARCHIVE, "hdfs://nn/dicm.jar");

    assertThat(
            new JobRunner(conf)
                .newJob("x")
                .getConfiguration()
                .get("mapreduce.application.classpath"))
        .startsWith("$PWD/dicm/lib/*,$PWD/dicm,$HADOOP_MAPRED_HOME/");
  }

  @Test
  void tasksHaveTheOptionsOfNativeProcessesBesideTheUsers() throws IOException {
    conf.set("mapreduce.map.env", "A=1");
    conf.set(DicmKeys.YARN_JAVA_HOME, "/opt/jdk17");

    Configuration job = new JobRunner(conf).newJob("extract").getConfiguration();

    assertThat(job.get("mapreduce.map.env"))
        .startsWith("A=1,")
        .contains(",OMP_WAIT_POLICY=passive")
        .doesNotContain("JAVA_HOME");
    assertThat(job.get("mapreduce.admin.map.child.java.opts"))
        .contains("-Dorg.bytedeco.javacpp.cachedir=./tmp/javacpp");
    for (String process : List.of("mapreduce.map", "mapreduce.reduce", "yarn.app.mapreduce.am")) {
      assertThat(job.get(process + ".env.JAVA_HOME")).isEqualTo("/opt/jdk17");
    }
  }

  @Test
  void jobDoesNotTellTheHivePassword() throws IOException {
    conf.set(DicmKeys.HIVE_JDBC_URL, "jdbc:hive2://h:10000/;user=u;password=secret");

    assertThat(new JobRunner(conf).newJob("x").getConfiguration().get(DicmKeys.HIVE_JDBC_URL))
        .isEmpty();
    assertThat(conf.get(DicmKeys.HIVE_JDBC_URL)).as("the caller's own").contains("secret");
  }

  @Test
  void aJobThatCannotBeSubmittedTellsItsOwnCause() throws IOException {
    conf.set("mapreduce.framework.name", "local");
    conf.set("hadoop.tmp.dir", folder.resolve("tmp").toString());
    JobRunner runner = new JobRunner(conf);
    Job job = runner.newJob("x");
    job.setInputFormatClass(RefusingInputFormat.class);
    job.setOutputFormatClass(NullOutputFormat.class);

    assertThatThrownBy(() -> runner.run(job, ProgressListener.NONE))
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT_INVALID))
        .hasMessage("Cannot split the input.")
        .hasNoSuppressedExceptions();
  }

  @Test
  void aJobThatTheQueueDoesNotStartIsKilled() throws IOException {
    conf.set(DicmKeys.YARN_ACCEPT_TIMEOUT_SECONDS, "1");
    conf.set("mapreduce.job.queuename", "ads");
    WaitingJob job = new WaitingJob(conf, false);

    assertThatThrownBy(() -> new JobRunner(conf).run(job, ProgressListener.NONE))
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_RESOURCES))
        .hasMessageContaining("(waiting): queue ads did not start")
        .hasMessageContaining("in 1 s, and it was killed")
        .hasMessageContaining("dicm.yarn.accept-timeout-seconds");
    assertThat(job.killed).isTrue();
  }

  @Test
  void anInterruptKillsTheJobEvenIfTheKillFails() throws IOException {
    WaitingJob job = new WaitingJob(conf, true);
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> new JobRunner(conf).run(job, ProgressListener.NONE))
        .isInstanceOf(InterruptedException.class)
        .satisfies(
            e -> assertThat(e.getSuppressed()).singleElement().isInstanceOf(IOException.class));
    assertThat(job.killed).isTrue();
  }

  @Test
  void outsideYarnNothingIsAdded() throws IOException {
    assertThat(new JobRunner(conf).newJob("x").getCacheArchives()).isNull();
  }

  /** Made by Hadoop by name. */
  public static final class RefusingInputFormat extends InputFormat<NullWritable, NullWritable> {
    @Override
    public List<InputSplit> getSplits(JobContext context) {
      throw new DicmException(ErrorCode.INPUT_INVALID, "Cannot split the input.");
    }

    @Override
    public RecordReader<NullWritable, NullWritable> createRecordReader(
        InputSplit split, TaskAttemptContext context) {
      throw new IllegalStateException("There is no split");
    }
  }

  /** A job that YARN took and never starts. */
  private static final class WaitingJob extends Job {
    private final boolean killFails;
    private boolean killed;

    @SuppressWarnings("deprecation") // The factories make no subclass.
    WaitingJob(Configuration conf, boolean killFails) throws IOException {
      super(conf, "waiting");
      this.killFails = killFails;
    }

    @Override
    public void submit() {}

    @Override
    public boolean isComplete() {
      return false;
    }

    @Override
    public JobStatus.State getJobState() {
      return JobStatus.State.PREP;
    }

    @Override
    public float mapProgress() {
      return 0;
    }

    @Override
    public float reduceProgress() {
      return 0;
    }

    @Override
    public void killJob() throws IOException {
      killed = true;
      if (killFails) {
        throw new IOException("resource manager gone");
      }
    }
  }
}
