package io.dicm.feature.job;

import io.dicm.feature.decode.RejectionReason;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.mapreduce.TaskInputOutputContext;

/** Tells MapReduce how a task's extraction goes on: counters, and that it is alive. */
final class TaskCounters implements ExtractListener {
  private final TaskInputOutputContext<?, ?, ?, ?> context;

  TaskCounters(TaskInputOutputContext<?, ?, ?, ?> context) {
    this.context = context;
  }

  @Override
  public void decoded() {
    add(ExtractCounter.IMAGES_DECODED, 1);
  }

  @Override
  public void rejected(RejectionReason reason) {
    context.getCounter(ExtractCounter.REJECTED_GROUP, reason.name()).increment(1);
  }

  @Override
  public void encoded(int images, BatchTimes times) {
    add(ExtractCounter.IMAGES_ENCODED, images);
    add(ExtractCounter.BATCHES, 1);
    add(ExtractCounter.ENCODE_MS, TimeUnit.NANOSECONDS.toMillis(times.encodeNanos()));
    add(ExtractCounter.DECODE_MS, TimeUnit.NANOSECONDS.toMillis(times.decodeNanos()));
    add(ExtractCounter.DECODE_WAIT_MS, TimeUnit.NANOSECONDS.toMillis(times.waitNanos()));
    context.progress();
  }

  private void add(ExtractCounter counter, long amount) {
    context.getCounter(counter).increment(amount);
  }
}
