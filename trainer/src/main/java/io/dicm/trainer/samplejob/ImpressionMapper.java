package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.FeatureKeys;
import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.input.RowProblem;
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
  private FeatureKeys contextKeys;
  private SplitRule rule;
  private LeftOutItems leftOutItems;
  private boolean clicksAreBehaviors;

  /** For Hadoop. */
  public ImpressionMapper() {
    super(InputTable.IMPRESSIONS);
  }

  @Override
  protected void setup(Context context) throws IOException {
    super.setup(context);
    contextKeys = new FeatureKeys(schema().contextFields());
    TaskInput input = new TaskInput(context.getConfiguration());
    rule = input.splitRule();
    leftOutItems = new LeftOutItems(context);
    clicksAreBehaviors = input.clicksAreBehaviors();
  }

  @Override
  void map(TableRow row, Context context)
      throws BadRowException, IOException, InterruptedException {
    String userId = row.required("user_id");
    long timestampSeconds = row.timestampSeconds("ts");
    Item item = item(row);
    Impression impression = impression(row, userId, item);
    String tie = impression.itemId() + "\0" + impression.impressionId();
    boolean behavior = clicksAreBehaviors && impression.label() == 1 && isBehavior(row, context);
    if (rule.keeps(timestampSeconds)) {
      events().addImpression(userId, timestampSeconds, new Shown(impression), tie);
    } else {
      SampleCounters.countLeftOut(context, LeftOut.BEFORE_TRAIN_FROM);
      leftOutItems.add(impression.itemId(), item.heldOut(), timestampSeconds);
    }
    if (behavior) {
      events().add(userId, timestampSeconds, item.click(), tie);
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

  private Impression impression(TableRow row, String userId, Item item) throws BadRowException {
    String itemId = row.value("item_id");
    String impressionId = row.value("impression_id");
    return new Impression(
        impressionId.isEmpty() ? userId + ":" + itemId + ":" + row.value("ts") : impressionId,
        itemId,
        item.category(),
        label(row),
        item.imageKey(),
        item.itemKeys(),
        contextKeys.of(row));
  }

  private static int label(TableRow row) throws BadRowException {
    String label = row.required("label");
    return switch (label) {
      case "0" -> 0;
      case "1" -> 1;
      default ->
          throw new BadRowException(
              RowProblem.BAD_LABEL, "label was '" + label + "', allowed 0, 1");
    };
  }
}
