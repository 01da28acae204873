package io.dicm.trainer.samplejob;

import java.io.IOException;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Reducer;

/** Takes the latest of all tasks' moments. */
public final class LastMomentReducer
    extends Reducer<NullWritable, LongWritable, NullWritable, LongWritable> {
  /** The job's counter that carries the result: seconds since 1970 UTC. */
  static final String GROUP = "dicm samples";

  static final String LAST_MOMENT = "last moment";

  @Override
  protected void reduce(NullWritable key, Iterable<LongWritable> moments, Context context)
      throws IOException, InterruptedException {
    long latest = 0;
    for (LongWritable moment : moments) {
      latest = Math.max(latest, moment.get());
    }
    context.getCounter(GROUP, LAST_MOMENT).increment(latest);
  }
}
