package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.input.RejectedRows;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Reducer;

/** Walks over each user's events in time order and writes the user's samples. */
public final class SampleReducer
    extends Reducer<UserEventKey, UserEventWritable, Text, SampleWritable> {
  private SampleSettings settings;
  private SplitRule rule;
  private UserTable users;
  private int behaviorFields;

  @Override
  protected void setup(Context context) throws IOException {
    Configuration conf = context.getConfiguration();
    TaskInput input = new TaskInput(conf);
    FeatureSchema schema = input.schema();
    settings = SampleSettings.of(conf);
    rule = input.splitRule();
    behaviorFields = schema.behaviorFields().size();
    users = loadUsers(conf, input.layout(), schema, context);
  }

  @Override
  protected void reduce(UserEventKey key, Iterable<UserEventWritable> events, Context context)
      throws IOException, InterruptedException {
    String userId = key.userId().toString();
    UserTimeline timeline =
        new UserTimeline(
            userId,
            users.keys(userId),
            new BehaviorWindow(behaviorFields, settings.maxBehaviors(), settings.windowDays()),
            rule,
            (split, sample) -> write(split, sample, context));
    for (UserEventWritable event : events) {
      timeline.add(key.timestampSeconds(), event.event());
    }
    timeline.end();
  }

  private static void write(SampleSplit split, Sample sample, Context context)
      throws IOException, InterruptedException {
    SampleCounters.countSample(context, split, sample);
    context.write(new Text(split.name()), new SampleWritable(sample));
  }

  /** Every task loads the users; the first one alone reports their bad rows. */
  private static UserTable loadUsers(
      Configuration conf, InputLayout input, FeatureSchema schema, Context context)
      throws IOException {
    boolean first = context.getTaskAttemptID().getTaskID().getId() == 0;
    try (RejectsFile rejects = new RejectsFile(context, SampleCounters.TABLE_REJECTS)) {
      return UserTable.load(conf, input.users(), schema, first ? rejects : RejectedRows.IGNORE);
    }
  }
}
