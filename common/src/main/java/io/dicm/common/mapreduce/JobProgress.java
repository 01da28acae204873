package io.dicm.common.mapreduce;

import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import org.apache.hadoop.mapreduce.Job;

/** Tells how far a job has come, per mille. */
record JobProgress(Job job, ProgressListener listener) {
  private static final int UNITS = 1000;

  /** The job runs. */
  void tell() throws IOException {
    float done = (0.8f * job.mapProgress() + 0.2f * job.reduceProgress()) * UNITS;
    listener.progress((long) done, UNITS, job.getJobName());
  }

  /** The job is done. */
  void tellEnd() {
    listener.progress(UNITS, UNITS, job.getJobName());
  }
}
