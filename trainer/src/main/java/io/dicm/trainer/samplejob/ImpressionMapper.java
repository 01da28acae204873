package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.CsvRow;
import io.dicm.trainer.input.FeatureKeys;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.input.RowProblem;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.samplejob.UserEvent.ImpressionCount;
import io.dicm.trainer.samplejob.UserEvent.Shown;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Turns rows of impressions.csv into events; a clicked impression is a behaviour too when the input
 * has no behaviors.csv.
 */
public final class ImpressionMapper extends EventMapper {
  /** Users counted before the counts are handed on, which bounds the memory. */
  private static final int MAX_COUNTED_USERS = 100_000;

  private final Map<String, Long> impressionsOfUsers = new HashMap<>();
  private FeatureKeys contextKeys;
  private boolean clicksAreBehaviors;

  /** For Hadoop. */
  public ImpressionMapper() {
    super(InputLayout.IMPRESSIONS);
  }

  @Override
  protected void setup(Context context) throws IOException {
    super.setup(context);
    contextKeys = new FeatureKeys(schema().contextFields());
    clicksAreBehaviors = new TaskInput(context.getConfiguration()).clicksAreBehaviors();
  }

  @Override
  void map(CsvRow row, Context context) throws BadRowException, IOException, InterruptedException {
    String userId = row.required("user_id");
    long timestampSeconds = row.timestampSeconds("ts");
    Item item = item(row);
    Impression impression = impression(row, userId, item);
    String tie = impression.itemId() + "\0" + impression.impressionId();
    boolean behavior = clicksAreBehaviors && impression.label() == 1 && isBehavior(row, context);
    count(userId, context);
    emit(context, userId, timestampSeconds, new Shown(impression), tie);
    if (behavior) {
      emit(context, userId, timestampSeconds, item.click(), tie);
    }
  }

  @Override
  protected void cleanup(Context context) throws IOException, InterruptedException {
    emitCounts(context);
    super.cleanup(context);
  }

  private Impression impression(CsvRow row, String userId, Item item) throws BadRowException {
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

  private static int label(CsvRow row) throws BadRowException {
    String label = row.required("label");
    return switch (label) {
      case "0" -> 0;
      case "1" -> 1;
      default ->
          throw new BadRowException(
              RowProblem.BAD_LABEL, "label was '" + label + "', allowed 0, 1");
    };
  }

  private void count(String userId, Context context) throws IOException, InterruptedException {
    impressionsOfUsers.merge(userId, 1L, Long::sum);
    if (impressionsOfUsers.size() == MAX_COUNTED_USERS) {
      emitCounts(context);
    }
  }

  private void emitCounts(Context context) throws IOException, InterruptedException {
    for (Map.Entry<String, Long> user : impressionsOfUsers.entrySet()) {
      emit(context, user.getKey(), 0, new ImpressionCount(user.getValue()), "");
    }
    impressionsOfUsers.clear();
  }
}
