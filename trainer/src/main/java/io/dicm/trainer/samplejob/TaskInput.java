package io.dicm.trainer.samplejob;

import io.dicm.common.config.DicmKeys;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.input.TableScans;
import io.dicm.trainer.samplejob.SplitRule.LastDays;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What the driver tells the tasks about the input, in the job's configuration. */
final class TaskInput {
  private static final String LAST_MOMENT = "dicm.internal.samples.last-moment";

  private static final String HEAVY_USERS = "dicm.internal.samples.heavy-users";

  private final Configuration conf;

  TaskInput(Configuration conf) {
    this.conf = conf;
  }

  /** Tells the tasks about checked tables. */
  void tell(SampleInput input) throws IOException {
    Path root = input.layout().root();
    conf.set(DicmKeys.INPUT_PATH, root.getFileSystem(conf).makeQualified(root).toString());
    input.tables().tell(conf);
  }

  /** Tells the tasks the moment of the last impression, seconds since 1970 UTC. */
  void tellLastMoment(long timestampSeconds) {
    conf.setLong(LAST_MOMENT, timestampSeconds);
  }

  /** Tells the tasks where {@link HeavyUsers} are. */
  void tellHeavyUsers(Path directory) throws IOException {
    conf.set(HEAVY_USERS, directory.getFileSystem(conf).makeQualified(directory).toString());
  }

  /** The users whose events are cut into segments; none when nobody told of them. */
  HeavyUsers heavyUsers() throws IOException {
    String directory = conf.get(HEAVY_USERS, "");
    return directory.isEmpty() ? HeavyUsers.NONE : HeavyUsers.read(conf, new Path(directory));
  }

  InputLayout layout() {
    return new InputLayout(new Path(conf.get(DicmKeys.INPUT_PATH)));
  }

  FeatureSchema schema() {
    return FeatureSchema.read(conf, layout().features());
  }

  TableScans tables() {
    return TableScans.of(conf);
  }

  boolean clicksAreBehaviors() {
    return tables().find(InputTable.BEHAVIORS).isEmpty();
  }

  /** The split rule with its boundary. */
  SplitRule splitRule() {
    SplitRule rule = SplitRule.parse(SampleSettings.of(conf).split());
    return TrainFrom.of(
        conf, rule instanceof LastDays days ? days.until(conf.getLong(LAST_MOMENT, 0)) : rule);
  }
}
