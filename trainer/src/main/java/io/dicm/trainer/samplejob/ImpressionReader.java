package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.FeatureKeys;
import io.dicm.trainer.input.RowProblem;
import io.dicm.trainer.input.TableRow;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.schema.FeatureSchema;
import java.util.Optional;

/**
 * Reads impressions of rows, or says why a row is a bad one: the job that makes the samples and the
 * survey before it agree on that, since the survey's last moment splits training from test. For one
 * thread.
 */
final class ImpressionReader {
  private final ItemTable items;
  private final FeatureKeys contextKeys;
  private final DwellFilter dwell;
  private final boolean clicksAreBehaviors;

  /**
   * @param clicksAreBehaviors whether the input has no table of behaviours
   */
  ImpressionReader(
      ItemTable items, FeatureSchema schema, DwellFilter dwell, boolean clicksAreBehaviors) {
    this.items = items;
    this.contextKeys = new FeatureKeys(schema.contextFields());
    this.dwell = dwell;
    this.clicksAreBehaviors = clicksAreBehaviors;
  }

  /**
   * An impression with what else its row tells.
   *
   * @param isClick whether it was clicked and clicks are the behaviours
   * @param noBehavior why that click is no behaviour, if so
   */
  record Read(
      String userId,
      long timestampSeconds,
      Item item,
      Impression impression,
      boolean isClick,
      Optional<LeftOut> noBehavior) {}

  /**
   * @throws BadRowException with the first thing that is wrong
   */
  Read read(TableRow row) throws BadRowException {
    String userId = row.required("user_id");
    long timestampSeconds = row.timestampSeconds("ts");
    Item item = items.get(row.required("item_id"));
    Impression impression = impression(row, userId, item);
    boolean isClick = clicksAreBehaviors && impression.label() == 1;
    return new Read(
        userId,
        timestampSeconds,
        item,
        impression,
        isClick,
        isClick ? dwell.leftOut(row) : Optional.empty());
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
