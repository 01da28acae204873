package io.dicm.trainer.sample;

import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnReadStore;
import org.apache.parquet.schema.MessageType;

/** Puts the columns of one row group together to samples, row by row. For one thread. */
final class SampleRows {
  private final ColumnCursor userId;
  private final ColumnCursor timestamp;
  private final ColumnCursor[] userKeys;
  private final ColumnCursor behaviorImageKeys;
  private final ColumnCursor[] behaviorIdKeys;
  private final ColumnCursor impressionId;
  private final ColumnCursor itemId;
  private final ColumnCursor category;
  private final ColumnCursor label;
  private final ColumnCursor imageKey;
  private final ColumnCursor[] itemKeys;
  private final ColumnCursor[] contextKeys;

  SampleRows(ColumnReadStore store, MessageType type, FeatureSchema schema) {
    Columns columns = new Columns(store, type);
    this.userId = columns.of("user_id");
    this.timestamp = columns.of("ts");
    this.userKeys = columns.lists(schema.userFields(), SampleFormat.USER);
    this.behaviorImageKeys = columns.list(SampleFormat.BEHAVIORS, SampleFormat.IMAGE_KEYS);
    this.behaviorIdKeys =
        columns.lists(schema.behaviorFields(), SampleFormat.BEHAVIORS, SampleFormat.IDS);
    this.impressionId = columns.ofImpression("impression_id");
    this.itemId = columns.ofImpression("item_id");
    this.category = columns.ofImpression("category");
    this.label = columns.ofImpression("label");
    this.imageKey = columns.ofImpression("image_key");
    this.itemKeys = columns.listsOfImpression(schema.itemFields(), SampleFormat.ITEM);
    this.contextKeys = columns.listsOfImpression(schema.contextFields(), SampleFormat.CONTEXT);
  }

  /** The next row; the caller counts them. */
  Sample next() {
    return new Sample(
        userId.text(),
        timestamp.int64(),
        keys(userKeys),
        new Behaviors(behaviorImageKeys.int64List(), keys(behaviorIdKeys)),
        impressions());
  }

  private List<Impression> impressions() {
    int[] labels = label.int32List();
    List<Impression> impressions = new ArrayList<>(labels.length);
    for (int clicked : labels) {
      impressions.add(
          new Impression(
              impressionId.text(),
              itemId.text(),
              category.text(),
              clicked,
              imageKey.int64(),
              keys(itemKeys),
              keys(contextKeys)));
    }
    return impressions;
  }

  private static long[][] keys(ColumnCursor[] columns) {
    long[][] keys = new long[columns.length][];
    for (int i = 0; i < columns.length; i++) {
      keys[i] = columns[i].int64List();
    }
    return keys;
  }

  /** Finds columns by their place in {@link SampleFormat}. */
  private record Columns(ColumnReadStore store, MessageType type) {
    ColumnCursor of(String... path) {
      return new ColumnCursor(store.getColumnReader(type.getColumnDescription(path)));
    }

    ColumnCursor ofImpression(String name) {
      return of(SampleFormat.IMPRESSIONS, "list", "element", name);
    }

    ColumnCursor list(String parent, String name) {
      return of(parent, name, "list", "element");
    }

    ColumnCursor[] lists(List<FeatureField> fields, String... parents) {
      return fields.stream()
          .map(field -> of(path(parents, field.name(), "list", "element")))
          .toArray(ColumnCursor[]::new);
    }

    ColumnCursor[] listsOfImpression(List<FeatureField> fields, String group) {
      return lists(fields, SampleFormat.IMPRESSIONS, "list", "element", group);
    }

    private static String[] path(String[] parents, String... rest) {
      List<String> path = new ArrayList<>(List.of(parents));
      path.addAll(List.of(rest));
      return path.toArray(String[]::new);
    }
  }
}
