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
  private TrainingFilter filter;
  private UserTable users;
  private int behaviorFields;

  @Override
  protected void setup(Context context) throws IOException {
    Configuration conf = context.getConfiguration();
    TaskInput input = new TaskInput(conf);
    FeatureSchema schema = input.schema();
    settings = SampleSettings.of(conf);
    rule = input.splitRule();
    filter = TrainingFilter.of(settings);
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
            UserHistory.of(settings, filter, behaviorFields),
            rule,
            filter,
            new Output(context));
    for (UserEventWritable event : events) {
      timeline.add(key.timestampSeconds(), event.event());
    }
    timeline.end();
  }

  /** Every task loads the users; the first one alone counts their rows and reports the bad ones. */
  private static UserTable loadUsers(
      Configuration conf, InputLayout input, FeatureSchema schema, Context context)
      throws IOException {
    if (context.getTaskAttemptID().getTaskID().getId() != 0) {
      return UserTable.load(conf, input.users(), schema, RejectedRows.IGNORE);
    }
    try (RejectsFile userRejects = new RejectsFile(context, InputLayout.USERS)) {
      UserTable loaded = UserTable.load(conf, input.users(), schema, userRejects);
      SampleCounters.countRows(context, InputLayout.USERS, loaded.rows());
      return loaded;
    }
  }

  /** Counts and writes. */
  private record Output(Context context) implements UserTimeline.SampleConsumer {
    @Override
    public void accept(SampleSplit split, Sample sample) throws IOException, InterruptedException {
      SampleCounters.countSample(context, split, sample);
      context.write(new Text(split.name()), new SampleWritable(sample));
    }

    @Override
    public void leftOut(LeftOut reason) {
      SampleCounters.countLeftOut(context, reason);
    }
  }
}
