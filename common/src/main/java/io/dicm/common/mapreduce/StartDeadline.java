package io.dicm.common.mapreduce;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.hadoop.mapreduce.JobStatus;

/**
 * Bounds the time that a job waits for its application master, the first one or another after a
 * crash: a full queue never gives it, and YARN itself waits for ever. For one thread.
 */
final class StartDeadline {
  private final long limitNanos;
  private final LongSupplier nanoTime;
  private long waitingSinceNanos;

  /**
   * @param nanoTime {@link System#nanoTime}
   */
  StartDeadline(Duration limit, LongSupplier nanoTime) {
    this.limitNanos = limit.toNanos();
    this.nanoTime = nanoTime;
    this.waitingSinceNanos = nanoTime.getAsLong();
  }

  /** Whether a job in this state has waited too long. */
  boolean isPast(JobStatus.State state) {
    long now = nanoTime.getAsLong();
    if (state != JobStatus.State.PREP) {
      waitingSinceNanos = now;
    }
    return now - waitingSinceNanos > limitNanos;
  }
}
