package io.dicm.trainer.sample;

import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnReadStore;
import org.apache.parquet.schema.MessageType;

/**
 * Puts the columns of one row group together to samples, one by one: a row's user and history are
 * read with its first moment. For one thread.
 */
final class SampleRows {
  private final ColumnCursor userId;
  private final ColumnCursor timestamps;
  private final ColumnCursor arrivals;
  private final ColumnCursor behaviorCounts;
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
  private OpenRow row = OpenRow.NONE;

  SampleRows(ColumnReadStore store, MessageType type, FeatureSchema schema) {
    Columns columns = new Columns(store, type);
    this.userId = columns.of("user_id");
    this.timestamps = columns.ofMoment("ts");
    this.arrivals = columns.ofMoment(SampleFormat.ARRIVED);
    this.behaviorCounts = columns.ofMoment(SampleFormat.BEHAVIORS);
    this.userKeys = columns.lists(schema.userFields(), SampleFormat.USER);
    this.behaviorImageKeys = columns.list(SampleFormat.HISTORY, SampleFormat.IMAGE_KEYS);
    this.behaviorIdKeys =
        columns.lists(schema.behaviorFields(), SampleFormat.HISTORY, SampleFormat.IDS);
    this.impressionId = columns.ofImpression("impression_id");
    this.itemId = columns.ofImpression("item_id");
    this.category = columns.ofImpression("category");
    this.label = columns.ofImpression("label");
    this.imageKey = columns.ofImpression("image_key");
    this.itemKeys = columns.listsOfImpression(schema.itemFields(), SampleFormat.ITEM);
    this.contextKeys = columns.listsOfImpression(schema.contextFields(), SampleFormat.CONTEXT);
  }

  /** The next sample; the caller counts them. */
  Sample next() {
    if (!row.hasNext()) {
      row =
          new OpenRow(
              userId.text(),
              keys(userKeys),
              new Behaviors(behaviorImageKeys.int64List(), keys(behaviorIdKeys)),
              timestamps.int64List(),
              arrivals.int32List(),
              behaviorCounts.int32List());
    }
    return row.next(impressions());
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

    ColumnCursor list(String parent, String name) {
      return of(parent, name, "list", "element");
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
