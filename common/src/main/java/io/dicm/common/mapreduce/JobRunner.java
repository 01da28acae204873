package io.dicm.common.mapreduce;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.process.ContainerRuntime;
import io.dicm.common.process.JavaOptions;
import io.dicm.common.process.NativeOptions;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hadoop.mapreduce.Counters;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.MRJobConfig;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskCompletionEvent;
import org.apache.hadoop.mapreduce.TaskCounter;
import org.apache.hadoop.mapreduce.TaskType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes, submits and follows MapReduce jobs on behalf of a stage; small ones run in this process. A
 * job that its follower leaves, by an error or an interrupt, is killed. Safe for use by many
 * threads.
 */
public final class JobRunner {
  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

  /**
   * URI of {@code dicm.jar} on a file system that the containers reach; set by the submitting
   * client and empty outside YARN. YARN unpacks it once a node, and native libraries are used from
   * there.
   */
  public static final String APPLICATION_ARCHIVE = "dicm.internal.application-archive";

  private static final String ARCHIVE_LINK = "dicm";
  private static final String ADMIN_MAP_OPTIONS = "mapreduce.admin.map.child.java.opts";
  private static final String ADMIN_REDUCE_OPTIONS = "mapreduce.admin.reduce.child.java.opts";
  private static final Duration POLL_INTERVAL = Duration.ofMillis(500);
  private static final int EVENTS_AT_ONCE = 500;
  private static final int DEFAULT_ACCEPT_TIMEOUT_SECONDS = 300;
  private static final int MOST_ACCEPT_TIMEOUT_SECONDS = 86_400;

  private final Configuration conf;
  private final Consumer<TaskMemory> memory;

  public JobRunner(Configuration conf) {
    this(conf, taskMemory -> {});
  }

  /**
   * @param memory told what the tasks of each finished job asked for and used
   */
  public JobRunner(Configuration conf, Consumer<TaskMemory> memory) {
    this.conf = conf;
    this.memory = memory;
  }

  /** A job with the queue and class path that every job of ours has; its settings are a copy. */
  public Job newJob(String name) throws IOException {
    Job job = Job.getInstance(new Configuration(conf), name);
    Configuration settings = job.getConfiguration();
    settings.set(MRJobConfig.QUEUE_NAME, conf.get(DicmKeys.YARN_QUEUE, "default"));
    // A URL may hold a password, and the history page shows a job's settings. Empty rather than
    // unset: an unset key comes back when Hadoop reads the site files again.
    settings.set(DicmKeys.HIVE_JDBC_URL, "");
    // The tokens are the whole application's: its other jobs and its containers go on with them.
    settings.setBoolean(MRJobConfig.JOB_CANCEL_DELEGATION_TOKEN, false);
    String archive = conf.getTrimmed(APPLICATION_ARCHIVE, "");
    if (!archive.isEmpty()) {
      job.addCacheArchive(URI.create(archive + "#" + ARCHIVE_LINK));
      Optional<Path> jdk = ContainerRuntime.of(conf).jdkArchive();
      if (jdk.isPresent()) {
        URI uri = jdk.get().getFileSystem(conf).makeQualified(jdk.get()).toUri();
        job.addCacheArchive(URI.create(uri + "#" + ContainerRuntime.JDK_FOLDER));
      }
      settings.set(
          MRJobConfig.MAPREDUCE_APPLICATION_CLASSPATH,
          "$PWD/" + ARCHIVE_LINK + "/lib/*,$PWD/" + ARCHIVE_LINK + "," + classPath());
    }
    setJava(settings);
    return job;
  }

  /**
   * Submits a job and waits for its end.
   *
   * @param progress told per mille of the whole job
   * @throws DicmException the failed task's own {@link DicmException}, {@link
   *     ErrorCode#STAGE_FAILED} with its diagnostics, or {@link ErrorCode#NO_RESOURCES} when the
   *     queue does not start the job within {@code dicm.yarn.accept-timeout-seconds}; it is then
   *     killed
   * @throws InterruptedException when the waiting thread is interrupted; the job is then killed
   */
  public void run(Job job, ProgressListener progress) throws IOException, InterruptedException {
    submit(job);
    JobProgress told = new JobProgress(job, progress);
    try {
      follow(job, told);
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      kill(job, e);
      throw e;
    }
    if (!job.isSuccessful()) {
      throw failure(job);
    }
    tellMemory(job);
    told.tellEnd();
  }

  /**
   * Runs a job as {@link #run(Job, ProgressListener)}, or in this process when its input is small
   * ({@code dicm.mapreduce.local-input-mb}). One that fails in this process runs once more on the
   * cluster, where there are a task's attempts, logs and diagnostics.
   *
   * @param inputs all that its tasks read: files, or directories of them
   * @return the counters of the job that was successful; those of a job in this process have no
   *     tasks' memory, which nobody is told of then
   */
  public Counters run(Job job, Collection<Path> inputs, ProgressListener progress)
      throws IOException, InterruptedException {
    Configuration settings = job.getConfiguration();
    if (SmallJobs.of(settings).admit(settings, inputs)) {
      Optional<Counters> counters = new LocalAttempt(job).run(progress);
      if (counters.isPresent()) {
        return counters.get();
      }
    }
    run(job, progress);
    return job.getCounters();
  }

  private static void submit(Job job) throws IOException, InterruptedException {
    try {
      job.submit();
    } catch (ClassNotFoundException e) {
      throw new DicmException(
          ErrorCode.INTERNAL, "Cannot submit " + job.getJobName() + ": " + e.getMessage(), e);
    }
  }

  private void follow(Job job, JobProgress progress) throws IOException, InterruptedException {
    StartDeadline deadline = new StartDeadline(acceptTimeout(), System::nanoTime);
    while (!job.isComplete()) {
      if (deadline.isPast(job.getJobState())) {
        throw notStarted(job);
      }
      progress.tell();
      Thread.sleep(POLL_INTERVAL.toMillis());
    }
  }

  private static void kill(Job job, Throwable cause) {
    try {
      job.killJob();
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private Duration acceptTimeout() {
    boolean set = !conf.getTrimmed(DicmKeys.YARN_ACCEPT_TIMEOUT_SECONDS, "").isEmpty();
    return Duration.ofSeconds(
        set
            ? DicmConfiguration.of(conf)
                .integer(DicmKeys.YARN_ACCEPT_TIMEOUT_SECONDS, 1, MOST_ACCEPT_TIMEOUT_SECONDS)
            : DEFAULT_ACCEPT_TIMEOUT_SECONDS);
  }

  private DicmException notStarted(Job job) {
    return new DicmException(
        ErrorCode.NO_RESOURCES,
        "Cannot run "
            + job.getJobID()
            + " ("
            + job.getJobName()
            + "): queue "
            + job.getConfiguration().get(MRJobConfig.QUEUE_NAME)
            + " did not start its MapReduce application master in "
            + acceptTimeout().toSeconds()
            + " s, and it was killed. Wait longer with "
            + DicmKeys.YARN_ACCEPT_TIMEOUT_SECONDS
            + ", or use another queue.");
  }

  private String classPath() {
    String[] cluster =
        conf.getStrings(
            MRJobConfig.MAPREDUCE_APPLICATION_CLASSPATH,
            MRJobConfig.DEFAULT_MAPREDUCE_APPLICATION_CLASSPATH.split(","));
    return Arrays.stream(cluster).map(String::trim).collect(Collectors.joining(","));
  }

  /** What our own containers' processes have too; a stage's and a user's settings come after. */
  private void setJava(Configuration settings) {
    List<String> options = new ArrayList<>(NativeOptions.javaOptions("./tmp/javacpp"));
    List<String> chosen = JavaOptions.of(conf);
    options.addAll(chosen);
    append(settings, ADMIN_MAP_OPTIONS, " ", String.join(" ", options));
    append(settings, ADMIN_REDUCE_OPTIONS, " ", String.join(" ", options));
    if (!chosen.isEmpty()) {
      append(settings, MRJobConfig.MR_AM_ADMIN_COMMAND_OPTS, " ", String.join(" ", chosen));
    }
    int threads = settings.getInt(DicmKeys.EXTRACT_THREADS, 1);
    for (Map.Entry<String, String> variable : NativeOptions.environment(threads).entrySet()) {
      String assignment = variable.getKey() + "=" + variable.getValue();
      append(settings, MRJobConfig.MAP_ENV, ",", assignment);
      append(settings, MRJobConfig.REDUCE_ENV, ",", assignment);
    }
    // One by one, since a list of mounts has commas.
    ContainerRuntime.of(conf)
        .variables()
        .forEach(
            (variable, value) -> {
              settings.setIfUnset(MRJobConfig.MAP_ENV + "." + variable, value);
              settings.setIfUnset(MRJobConfig.REDUCE_ENV + "." + variable, value);
              settings.setIfUnset(MRJobConfig.MR_AM_ENV + "." + variable, value);
            });
  }

  private static void append(Configuration settings, String key, String separator, String value) {
    String present = settings.get(key, "");
    settings.set(key, present.isEmpty() ? value : present + separator + value);
  }

  private void tellMemory(Job job) {
    try {
      Counters counters = job.getCounters();
      if (counters != null) {
        tellMemory(job, counters, TaskType.MAP, TaskCounter.MAP_PHYSICAL_MEMORY_BYTES_MAX);
        tellMemory(job, counters, TaskType.REDUCE, TaskCounter.REDUCE_PHYSICAL_MEMORY_BYTES_MAX);
      }
    } catch (IOException e) {
      // The job itself is done well; only figures for people are missing.
      LOG.warn("Cannot read the counters of {}: {}", job.getJobID(), e.getMessage());
    }
  }

  private void tellMemory(Job job, Counters counters, TaskType type, TaskCounter counter) {
    long peakBytes = counters.findCounter(counter).getValue();
    if (peakBytes > 0) {
      int requestedMb = new JobConf(job.getConfiguration()).getMemoryRequired(type);
      memory.accept(new TaskMemory(type.name().toLowerCase(Locale.ROOT), requestedMb, peakBytes));
    }
  }

  private static DicmException failure(Job job) throws IOException, InterruptedException {
    String name = job.getJobID() + " (" + job.getJobName() + ")";
    Optional<TaskAttemptID> attempt = DecidingAttempt.of(events(job));
    if (attempt.isPresent()) {
      String[] diagnostics = job.getTaskDiagnostics(attempt.get());
      if (diagnostics.length > 0) {
        return TaskFailure.of(attempt.get() + " of " + name, diagnostics[0]);
      }
    }
    return TaskFailure.of(name, String.valueOf(job.getStatus().getFailureInfo()));
  }

  private static List<TaskCompletionEvent> events(Job job)
      throws IOException, InterruptedException {
    List<TaskCompletionEvent> events = new ArrayList<>();
    List<TaskCompletionEvent> page;
    do {
      page = Arrays.asList(job.getTaskCompletionEvents(events.size(), EVENTS_AT_ONCE));
      events.addAll(page);
    } while (!page.isEmpty());
    return events;
  }
}
