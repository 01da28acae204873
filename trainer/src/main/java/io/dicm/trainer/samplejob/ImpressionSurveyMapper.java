package io.dicm.trainer.samplejob;

import java.io.IOException;
import org.apache.hadoop.io.NullWritable;

/** Surveys impressions: finds the latest moment of its rows too. */
public final class ImpressionSurveyMapper extends SurveyMapper {
  /** Whose moments are the tasks' latest ones: no user's, which an empty name cannot be. */
  static final String LATEST = "";

  private long latest = Long.MIN_VALUE;

  /** For Hadoop. */
  public ImpressionSurveyMapper() {}

  @Override
  void see(long timestampSeconds) {
    latest = Math.max(latest, timestampSeconds);
  }

  @Override
  protected void cleanup(Context context) throws IOException, InterruptedException {
    if (latest != Long.MIN_VALUE) {
      context.write(UserEventKey.ofMoment(LATEST, latest), NullWritable.get());
    }
  }
}
