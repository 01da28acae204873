package io.dicm.trainer.samplejob;

import java.io.IOException;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Reducer;

/**
 * Walks over the moments of a user that the survey picked, in order, and cuts where a segment has
 * enough of them; takes the latest of all tasks' moments. Holds one moment.
 */
public final class SurveyReducer extends Reducer<UserEventKey, NullWritable, Text, LongWritable> {
  /** The job's counters that carry the results. */
  static final String GROUP = "dicm samples: survey";

  /** Seconds since 1970 UTC. */
  static final String LAST_MOMENT = "last moment";

  static final String HEAVY_USERS = "heavy users";
  static final String SEGMENTS = "segments of heavy users";

  private long rowsOfSegment;

  /** For Hadoop. */
  public SurveyReducer() {}

  @Override
  protected void setup(Context context) {
    rowsOfSegment = SurveyRate.told(context.getConfiguration()).rowsOfSegment();
  }

  @Override
  protected void reduce(UserEventKey key, Iterable<NullWritable> moments, Context context)
      throws IOException, InterruptedException {
    if (key.userId().toString().equals(ImpressionSurveyMapper.LATEST)) {
      context.getCounter(GROUP, LAST_MOMENT).increment(last(key, moments));
      return;
    }
    long boundaries = cut(key, moments, context);
    if (boundaries > 0) {
      context.getCounter(GROUP, HEAVY_USERS).increment(1);
      context.getCounter(GROUP, SEGMENTS).increment(boundaries + 1);
    }
  }

  /** Hadoop sets the key to that of each value. */
  private static long last(UserEventKey key, Iterable<NullWritable> moments) {
    long last = 0;
    for (NullWritable unused : moments) {
      last = key.timestampSeconds();
    }
    return last;
  }

  /** Cuts between moments only: what happens in one second stays together. */
  private long cut(UserEventKey key, Iterable<NullWritable> moments, Context context)
      throws IOException, InterruptedException {
    long boundaries = 0;
    long rows = 0;
    long previous = Long.MIN_VALUE;
    for (NullWritable unused : moments) {
      long moment = key.timestampSeconds();
      if (rows >= rowsOfSegment && moment > previous) {
        context.write(key.userId(), new LongWritable(moment));
        boundaries++;
        rows = 0;
      }
      rows++;
      previous = moment;
    }
    return boundaries;
  }
}
