package io.dicm.common.mapreduce;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskCompletionEvent;

/**
 * Makes, submits and follows MapReduce jobs on behalf of a stage. A job that its follower leaves,
 * by an error or an interrupt, is killed. Safe for use by many threads.
 */
public final class JobRunner {
  /**
   * URI of {@code dicm.jar} on a file system that the containers reach; set by the submitting
   * client and empty outside YARN. YARN unpacks it once a node, and native libraries are used from
   * there.
   */
  public static final String APPLICATION_ARCHIVE = "dicm.internal.application-archive";

  private static final Duration POLL_INTERVAL = Duration.ofMillis(500);
  private static final int PROGRESS_UNITS = 1000;
  private static final int EVENTS_AT_ONCE = 500;
  private static final Set<TaskCompletionEvent.Status> FAILED =
      Set.of(TaskCompletionEvent.Status.FAILED, TaskCompletionEvent.Status.TIPFAILED);

  private final Configuration conf;

  public JobRunner(Configuration conf) {
    this.conf = conf;
  }

  /** A job with the queue and class path that every job of ours has; its settings are a copy. */
  public Job newJob(String name) throws IOException {
    Job job = Job.getInstance(new Configuration(conf), name);
    job.getConfiguration().set("mapreduce.job.queuename", conf.get(DicmKeys.YARN_QUEUE, "default"));
    String archive = conf.getTrimmed(APPLICATION_ARCHIVE, "");
    if (!archive.isEmpty()) {
      job.addCacheArchive(URI.create(archive + "#dicm"));
      job.getConfiguration()
          .set(
              "mapreduce.application.classpath",
              "$PWD/dicm," + conf.get("mapreduce.application.classpath", ""));
    }
    return job;
  }

  /**
   * Submits a job and waits for its end.
   *
   * @param progress told per mille of the whole job
   * @throws DicmException the first failed task's own {@link DicmException}, or {@link
   *     ErrorCode#STAGE_FAILED} with its diagnostics
   * @throws InterruptedException when the waiting thread is interrupted; the job is then killed
   */
  public void run(Job job, ProgressListener progress) throws IOException, InterruptedException {
    boolean left = true;
    try {
      job.submit();
      while (!job.isComplete()) {
        float done = (0.8f * job.mapProgress() + 0.2f * job.reduceProgress()) * PROGRESS_UNITS;
        progress.progress((long) done, PROGRESS_UNITS, job.getJobName());
        Thread.sleep(POLL_INTERVAL.toMillis());
      }
      left = false;
    } catch (ClassNotFoundException e) {
      throw new DicmException(
          ErrorCode.INTERNAL, "Cannot submit " + job.getJobName() + ": " + e.getMessage(), e);
    } finally {
      if (left && job.getJobID() != null) {
        job.killJob();
      }
    }
    if (!job.isSuccessful()) {
      throw failure(job);
    }
    progress.progress(PROGRESS_UNITS, PROGRESS_UNITS, job.getJobName());
  }

  private static DicmException failure(Job job) throws IOException, InterruptedException {
    String name = job.getJobID() + " (" + job.getJobName() + ")";
    int from = 0;
    for (TaskCompletionEvent[] events = job.getTaskCompletionEvents(from, EVENTS_AT_ONCE);
        events.length > 0;
        events = job.getTaskCompletionEvents(from, EVENTS_AT_ONCE)) {
      for (TaskCompletionEvent event : events) {
        if (FAILED.contains(event.getStatus())) {
          String[] diagnostics = job.getTaskDiagnostics(event.getTaskAttemptId());
          if (diagnostics.length > 0) {
            return TaskFailure.of(event.getTaskAttemptId() + " of " + name, diagnostics[0]);
          }
        }
      }
      from += events.length;
    }
    return TaskFailure.of(name, String.valueOf(job.getStatus().getFailureInfo()));
  }
}
