package io.dicm.common.mapreduce;

import io.dicm.common.fs.DirectLocalFileSystem;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.mapreduce.Counters;
import org.apache.hadoop.mapreduce.Job;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job whose tasks Hadoop's local runner runs in this process, with a directory of its own below
 * {@code java.io.tmpdir}. To be ended. For one thread.
 */
final class LocalJob {
  private static final Logger LOG = LoggerFactory.getLogger(LocalJob.class);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);
  private static final Duration END_LIMIT = Duration.ofSeconds(30);

  private final Job job;
  private final Path directory;
  private final JobThreads threads;

  private LocalJob(Job job, Path directory) {
    this.job = job;
    this.directory = directory;
    this.threads = new JobThreads(job.getJobName());
  }

  /** Takes over the settings of a job, which stays as it is. */
  static LocalJob of(Job original) throws IOException {
    DirectLocalFileSystem.install(original.getConfiguration());
    Job job = Job.getInstance(original.getConfiguration());
    Path directory = Files.createTempDirectory("dicm-job-");
    new LocalSettings(directory).apply(job.getConfiguration());
    return new LocalJob(job, directory);
  }

  /**
   * Runs the job to its end, once.
   *
   * @return nothing when it failed; why is in this process's log alone
   * @throws InterruptedException when the waiting thread is interrupted; the job is then killed
   */
  Optional<Counters> run(ProgressListener listener) throws IOException, InterruptedException {
    FutureTask<Void> submission =
        new FutureTask<>(
            () -> {
              job.submit();
              return null;
            });
    Thread submitter = threads.start(submission);
    try {
      submission.get();
      JobProgress progress = new JobProgress(job, listener);
      if (!follow(progress)) {
        return Optional.empty();
      }
      progress.tellEnd();
      return Optional.of(job.getCounters());
    } catch (ExecutionException e) {
      throw new IOException(
          "Cannot start " + job.getJobName() + " in this process: " + e.getCause().getMessage(),
          e.getCause());
    } catch (InterruptedException e) {
      kill(submitter, e);
      throw e;
    }
  }

  /** Waits for all that the job does, a while at most, and removes what it kept on local disks. */
  void end() {
    if (threads.awaitEnd(END_LIMIT)) {
      boolean deleted = FileUtil.fullyDelete(directory.toFile());
      if (!deleted) {
        LOG.warn("{} of {} cannot be deleted", directory, job.getJobName());
      }
    } else {
      LOG.warn("Threads of {} still work after {} in {}", job.getJobName(), END_LIMIT, directory);
    }
  }

  /** Hadoop leaves a job running for ever whose committer it cannot make: its thread just ends. */
  private boolean follow(JobProgress progress) throws IOException, InterruptedException {
    boolean works = true;
    while (!job.isComplete()) {
      if (!works) {
        return false;
      }
      progress.tell();
      Thread.sleep(POLL_INTERVAL.toMillis());
      works = threads.isAny();
    }
    return job.isSuccessful();
  }

  private void kill(Thread submitter, InterruptedException cause) {
    submitter.interrupt();
    JobThreads.join(submitter, END_LIMIT);
    try {
      job.killJob();
    } catch (IOException | IllegalStateException e) { // The latter: it was not submitted.
      cause.addSuppressed(e);
    }
  }
}
