package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.input.RejectedRows;
import io.dicm.trainer.input.TableScan;
import io.dicm.trainer.input.TableScans;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.Optional;
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
  private LeftOutItems leftOutItems;

  @Override
  protected void setup(Context context) throws IOException {
    Configuration conf = context.getConfiguration();
    TaskInput input = new TaskInput(conf);
    FeatureSchema schema = input.schema();
    settings = SampleSettings.of(conf);
    rule = input.splitRule();
    filter = TrainingFilter.of(settings);
    behaviorFields = schema.behaviorFields().size();
    leftOutItems = new LeftOutItems(context);
    users = loadUsers(conf, input.tables(), schema, context);
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
            new Output(context, leftOutItems));
    for (UserEventWritable event : events) {
      timeline.add(key.timestampSeconds(), event.event());
    }
    timeline.end();
  }

  @Override
  protected void cleanup(Context context) throws IOException, InterruptedException {
    leftOutItems.close();
  }

  /** Every task loads the users; the first one alone counts their rows and reports the bad ones. */
  private static UserTable loadUsers(
      Configuration conf, TableScans tables, FeatureSchema schema, Context context)
      throws IOException {
    Optional<TableScan> found = tables.find(InputTable.USERS);
    if (found.isEmpty()) {
      return UserTable.none(schema);
    }
    TableScan scan = found.get();
    if (context.getTaskAttemptID().getTaskID().getId() != 0) {
      return UserTable.load(conf, scan, schema, RejectedRows.IGNORE, row -> {});
    }
    CountedFields fields = new CountedFields(context, InputTable.USERS, schema.userFields());
    try (RejectsFile userRejects = new RejectsFile(context, InputTable.USERS)) {
      UserTable loaded = UserTable.load(conf, scan, schema, userRejects, fields::add);
      SampleCounters.countRows(context, scan.source().name(), loaded.rows());
      fields.write();
      return loaded;
    }
  }

  /** Counts and writes. */
  private record Output(Context context, LeftOutItems leftOutItems)
      implements UserTimeline.SampleConsumer {
    @Override
    public void accept(SampleSplit split, Sample sample) throws IOException, InterruptedException {
      SampleCounters.countSample(context, split, sample);
      context.write(new Text(split.name()), new SampleWritable(sample));
    }

    @Override
    public void leftOut(LeftOut reason, String itemId, long timestampSeconds) throws IOException {
      SampleCounters.countLeftOut(context, reason);
      leftOutItems.add(itemId, reason == LeftOut.HELD_OUT_ITEM, timestampSeconds);
    }
  }
}
