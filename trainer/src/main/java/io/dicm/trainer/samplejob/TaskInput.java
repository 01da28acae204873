package io.dicm.trainer.samplejob;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.json.JsonFiles;
import io.dicm.trainer.input.CsvHeader;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.samplejob.SplitRule.LastDays;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What the driver tells the tasks about the input, in the job's configuration. */
final class TaskInput {
  private static final String HEADER = "dicm.internal.samples.header.";
  private static final String CLICKS_ARE_BEHAVIORS = "dicm.internal.samples.clicks-are-behaviors";
  private static final String LAST_MOMENT = "dicm.internal.samples.last-moment";

  private final Configuration conf;

  TaskInput(Configuration conf) {
    this.conf = conf;
  }

  /** Tells the tasks about checked tables. */
  void tell(SampleInput input) throws IOException {
    Path root = input.layout().root();
    conf.set(DicmKeys.INPUT_PATH, root.getFileSystem(conf).makeQualified(root).toString());
    tellHeader(InputLayout.IMPRESSIONS, input.impressions());
    input.behaviors().ifPresent(header -> tellHeader(InputLayout.BEHAVIORS, header));
    conf.setBoolean(CLICKS_ARE_BEHAVIORS, input.behaviors().isEmpty());
  }

  /** Tells the tasks the moment of the last impression, seconds since 1970 UTC. */
  void tellLastMoment(long timestampSeconds) {
    conf.setLong(LAST_MOMENT, timestampSeconds);
  }

  InputLayout layout() {
    return new InputLayout(new Path(conf.get(DicmKeys.INPUT_PATH)));
  }

  FeatureSchema schema() {
    return FeatureSchema.read(conf, layout().features());
  }

  /** The columns of a log table; its first line is in one split only. */
  CsvHeader header(String table) {
    try {
      String[] columns = new JsonFiles(conf).parse(conf.getRaw(HEADER + table), String[].class);
      return new CsvHeader(table, List.of(columns));
    } catch (IOException e) {
      throw new IllegalStateException("The driver wrote no header of " + table, e);
    }
  }

  boolean clicksAreBehaviors() {
    return conf.getBoolean(CLICKS_ARE_BEHAVIORS, true);
  }

  /** The split rule with its boundary. */
  SplitRule splitRule() {
    SplitRule rule = SplitRule.parse(SampleSettings.of(conf).split());
    return TrainFrom.of(
        conf, rule instanceof LastDays days ? days.until(conf.getLong(LAST_MOMENT, 0)) : rule);
  }

  private void tellHeader(String table, CsvHeader header) {
    conf.set(HEADER + table, new JsonFiles(conf).oneLine(header.columns()));
  }
}
