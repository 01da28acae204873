package io.dicm.trainer.sample;

import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnReadStore;
import org.apache.parquet.schema.MessageType;

/**
 * Puts the columns of one row group together to samples, one by one: a row's user and history are
 * read with its first moment, as are the items that it brings. For one thread.
 */
final class SampleRows {
  private final ColumnCursor userId;
  private final ColumnCursor timeSteps;
  private final ColumnCursor arrivals;
  private final ColumnCursor behaviorCounts;
  private final ColumnCursor[] userKeys;
  private final ItemColumns newItems;
  private final ColumnCursor history;
  private final ColumnCursor impressionId;
  private final ColumnCursor idStep;
  private final ColumnCursor label;
  private final ColumnCursor itemNumber;
  private final ColumnCursor[] contextKeys;
  private final NumberedItems items;
  private final ImpressionIds ids = new ImpressionIds();
  private OpenRow row = OpenRow.NONE;

  SampleRows(ColumnReadStore store, MessageType type, FeatureSchema schema) {
    Columns columns = new Columns(store, type);
    this.userId = columns.of("user_id");
    this.timeSteps = columns.ofMoment(SampleFormat.TS_STEP);
    this.arrivals = columns.ofMoment(SampleFormat.ARRIVED);
    this.behaviorCounts = columns.ofMoment(SampleFormat.BEHAVIORS);
    this.userKeys = columns.lists(schema.userFields(), SampleFormat.USER);
    this.newItems = columns.items(schema);
    this.history = columns.of(SampleFormat.HISTORY, "list", "element");
    this.impressionId = columns.ofImpression("impression_id");
    this.idStep = columns.ofImpression(SampleFormat.ID_STEP);
    this.label = columns.ofImpression("label");
    this.itemNumber = columns.ofImpression(SampleFormat.ITEM_NUMBER);
    this.contextKeys = columns.listsOfImpression(schema.contextFields(), SampleFormat.CONTEXT);
    this.items = new NumberedItems(new BehaviorKeys(schema));
  }

  /** The next sample; the caller counts them. */
  Sample next() {
    if (!row.hasNext()) {
      newItems.readInto(items);
      row =
          new OpenRow(
              userId.text(),
              ColumnCursor.int64Lists(userKeys),
              items.behaviors(history.int32List()),
              sums(timeSteps.int64List()),
              arrivals.int32List(),
              behaviorCounts.int32List());
    }
    return row.next(impressions());
  }

  private static long[] sums(long[] steps) {
    for (int i = 1; i < steps.length; i++) {
      steps[i] += steps[i - 1];
    }
    return steps;
  }

  private List<Impression> impressions() {
    int[] labels = label.int32List();
    List<Impression> impressions = new ArrayList<>(labels.length);
    for (int clicked : labels) {
      ItemFeatures item = items.get(itemNumber.int32());
      impressions.add(
          new Impression(
              nextId(),
              item.itemId(),
              item.category(),
              clicked,
              item.imageKey(),
              item.itemKeys(),
              ColumnCursor.int64Lists(contextKeys)));
    }
    return impressions;
  }

  private String nextId() {
    String told = impressionId.textOrNull();
    long step = idStep.int64();
    return told == null ? ids.step(step) : ids.told(told);
  }

  /** Finds columns by their place in {@link SampleFormat}. */
  private record Columns(ColumnReadStore store, MessageType type) {
    private static final String[] ITEM = {SampleFormat.ITEMS, "list", "element"};
    private static final String[] IMPRESSION = {
      SampleFormat.MOMENTS, "list", "element", SampleFormat.IMPRESSIONS, "list", "element"
    };

    ColumnCursor of(String... path) {
      return new ColumnCursor(store.getColumnReader(type.getColumnDescription(path)));
    }

    ColumnCursor ofMoment(String name) {
      return of(SampleFormat.MOMENTS, "list", "element", name);
    }

    ColumnCursor ofImpression(String name) {
      return of(path(IMPRESSION, name));
    }

    ItemColumns items(FeatureSchema schema) {
      return new ItemColumns(
          of(SampleFormat.ITEMS_BEFORE),
          of(path(ITEM, "item_id")),
          of(path(ITEM, "category")),
          of(path(ITEM, "image_key")),
          lists(schema.itemFields(), path(ITEM, SampleFormat.ITEM)));
    }

    ColumnCursor[] lists(List<FeatureField> fields, String... parents) {
      return fields.stream()
          .map(field -> of(path(parents, field.name(), "list", "element")))
          .toArray(ColumnCursor[]::new);
    }

    ColumnCursor[] listsOfImpression(List<FeatureField> fields, String group) {
      return lists(fields, path(IMPRESSION, group));
    }

    private static String[] path(String[] parents, String... rest) {
      List<String> path = new ArrayList<>(List.of(parents));
      path.addAll(List.of(rest));
      return path.toArray(String[]::new);
    }
  }
}
