package io.dicm.trainer.sample;

import io.dicm.common.parquet.RowFields;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureSchema;
import java.util.List;
import org.apache.parquet.io.api.RecordConsumer;

/** Writes the parts that sample files of every layout have: behaviours, impressions, keys. */
final class FeatureColumns {
  private final List<FeatureField> userFields;
  private final List<FeatureField> itemFields;
  private final List<FeatureField> contextFields;
  private final List<FeatureField> behaviorFields;

  FeatureColumns(FeatureSchema schema) {
    this.userFields = schema.userFields();
    this.itemFields = schema.itemFields();
    this.contextFields = schema.contextFields();
    this.behaviorFields = schema.behaviorFields();
  }

  /** The group {@link SampleFormat#USER}, which is left out where there is no such feature. */
  void user(RecordConsumer out, int index, long[][] keys) {
    keys(out, SampleFormat.USER, index, userFields, keys);
  }

  /** A group of behaviours. */
  void behaviors(RecordConsumer out, String name, int index, Behaviors behaviors) {
    out.startField(name, index);
    out.startGroup();
    RowFields.longs(out, SampleFormat.IMAGE_KEYS, 0, behaviors.imageKeys());
    keys(out, SampleFormat.IDS, 1, behaviorFields, behaviors.idKeys());
    out.endGroup();
    out.endField(name, index);
  }

  /** The group {@link SampleFormat#CONTEXT}, which is left out where there is no such feature. */
  void context(RecordConsumer out, int index, Impression impression) {
    keys(out, SampleFormat.CONTEXT, index, contextFields, impression.contextKeys());
  }

  /** What an item has: four fields from index {@code first}. */
  void item(RecordConsumer out, int first, ItemFeatures item) {
    RowFields.string(out, "item_id", first, item.itemId());
    RowFields.string(out, "category", first + 1, item.category());
    RowFields.int64(out, "image_key", first + 2, item.imageKey());
    keys(out, SampleFormat.ITEM, first + 3, itemFields, item.itemKeys());
  }

  private static void keys(
      RecordConsumer out, String group, int index, List<FeatureField> fields, long[][] keys) {
    if (fields.isEmpty()) {
      return;
    }
    out.startField(group, index);
    out.startGroup();
    for (int i = 0; i < fields.size(); i++) {
      RowFields.longs(out, fields.get(i).name(), i, keys[i]);
    }
    out.endGroup();
    out.endField(group, index);
  }
}
