package io.dicm.common.mapreduce;

import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.mapreduce.Counters;
import org.apache.hadoop.mapreduce.Job;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An attempt to run a job in this process. The local runner keeps neither attempts nor what a
 * failed task said, so a failure here is no result: the cluster has the last word.
 *
 * @param job not submitted, and left so
 */
record LocalAttempt(Job job) {
  private static final Logger LOG = LoggerFactory.getLogger(LocalAttempt.class);

  /**
   * Runs it once.
   *
   * @return nothing when it failed; the output is then as it was before
   * @throws InterruptedException when the waiting thread is interrupted; nothing of it works then
   */
  Optional<Counters> run(ProgressListener progress) throws IOException, InterruptedException {
    LOG.info("{} runs in this process, since its input is small", job.getJobName());
    Optional<OutputSnapshot> output = OutputSnapshot.of(job);
    Optional<Counters> counters = attempt(progress);
    if (counters.isEmpty()) {
      LOG.warn("{} failed in this process: it runs once more, on the cluster", job.getJobName());
      if (output.isPresent()) {
        output.get().restore();
      }
    }
    return counters;
  }

  private Optional<Counters> attempt(ProgressListener progress) throws InterruptedException {
    try {
      LocalJob local = LocalJob.of(job);
      try {
        return local.run(progress);
      } finally {
        local.end();
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} did not end in this process", job.getJobName(), e);
      return Optional.empty();
    }
  }
}
