package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.input.RejectedRows;
import io.dicm.trainer.input.TableRow;
import io.dicm.trainer.samplejob.SplitRule.LastDays;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.NullWritable;

/**
 * Surveys impressions: where the last days of the log are for testing, it finds the latest moment
 * too, of the rows that samples are made of. A row that is left out of the samples must not move
 * the boundary between training and test, so a row is checked as a whole before its moment counts;
 * only those that are later than all before it are.
 */
public final class ImpressionSurveyMapper extends SurveyMapper {
  /** Whose moments are the tasks' latest ones: no user's, which an empty name cannot be. */
  static final String LATEST = "";

  private Optional<ImpressionReader> impressions = Optional.empty();
  private long latest = Long.MIN_VALUE;

  /** For Hadoop. */
  public ImpressionSurveyMapper() {}

  @Override
  protected void setup(Context context) throws IOException {
    super.setup(context);
    Configuration conf = context.getConfiguration();
    SampleSettings settings = SampleSettings.of(conf);
    if (SplitRule.parse(settings.split()) instanceof LastDays) {
      impressions = Optional.of(reader(conf, settings));
    }
  }

  @Override
  void see(TableRow row, long timestampSeconds) throws BadRowException {
    if (impressions.isPresent() && timestampSeconds > latest) {
      latest = impressions.get().read(row).timestampSeconds();
    }
  }

  @Override
  protected void cleanup(Context context) throws IOException, InterruptedException {
    if (latest != Long.MIN_VALUE) {
      context.write(UserEventKey.ofMoment(LATEST, latest), NullWritable.get());
    }
  }

  private static ImpressionReader reader(Configuration conf, SampleSettings settings)
      throws IOException {
    TaskInput input = new TaskInput(conf);
    FeatureSchema schema = input.schema();
    ItemTable items =
        ItemTable.load(
            conf, input.tables().get(InputTable.ITEMS), schema, RejectedRows.IGNORE, row -> {});
    return new ImpressionReader(
        items, schema, new DwellFilter(settings.minDwellSeconds()), input.clicksAreBehaviors());
  }
}
