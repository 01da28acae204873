package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.input.TableRow;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.samplejob.UserEvent.Shown;
import io.dicm.trainer.schema.FeatureField;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns rows of impressions into events; a clicked impression is a behaviour too when the input has
 * no table of behaviours.
 */
public final class ImpressionMapper extends EventMapper {
  private ImpressionReader impressions;
  private SplitRule rule;
  private LeftOutItems leftOutItems;

  /** For Hadoop. */
  public ImpressionMapper() {
    super(InputTable.IMPRESSIONS);
  }

  @Override
  protected void setup(Context context) throws IOException {
    super.setup(context);
    TaskInput input = new TaskInput(context.getConfiguration());
    impressions = new ImpressionReader(items(), schema(), dwell(), input.clicksAreBehaviors());
    rule = input.splitRule();
    leftOutItems = new LeftOutItems(context);
  }

  @Override
  void map(TableRow row, Context context)
      throws BadRowException, IOException, InterruptedException {
    ImpressionReader.Read read = impressions.read(row);
    Impression impression = read.impression();
    String tie = impression.itemId() + "\0" + impression.impressionId();
    if (rule.keeps(read.timestampSeconds())) {
      events().addImpression(read.userId(), read.timestampSeconds(), new Shown(impression), tie);
    } else {
      SampleCounters.countLeftOut(context, LeftOut.BEFORE_TRAIN_FROM);
      leftOutItems.add(impression.itemId(), read.item().heldOut(), read.timestampSeconds());
    }
    if (read.isClick() && isBehavior(read.noBehavior(), context)) {
      events().add(read.userId(), read.timestampSeconds(), read.item().click(), tie);
    }
  }

  @Override
  protected void cleanup(Context context) throws IOException, InterruptedException {
    leftOutItems.close();
    super.cleanup(context);
  }

  /** The context's; user_id too when no table of users has it. */
  @Override
  List<FeatureField> countedFields(TaskInput input) {
    List<FeatureField> fields = new ArrayList<>();
    if (input.tables().find(InputTable.USERS).isEmpty()) {
      fields.addAll(schema().userFields());
    }
    fields.addAll(schema().contextFields());
    return fields;
  }
}
