package io.dicm.trainer.sample;

import io.dicm.common.parquet.RowFields;
import io.dicm.common.parquet.RowWriter;
import io.dicm.trainer.schema.FeatureSchema;
import java.util.List;
import java.util.OptionalLong;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * Writes the rows of {@link SampleFormat}: an item's features with the first row of a row group
 * that needs them, numbers of items in all. For one thread.
 */
final class SampleRowWriter implements RowWriter<SampleRun.Row> {
  /** Items after which the next row begins a new count, which bounds the memory of all readers. */
  static final int MOST_ITEMS = 1 << 16;

  private final FeatureColumns columns;
  private final ItemNumbers items;
  private final ImpressionIds ids = new ImpressionIds();

  SampleRowWriter(FeatureSchema schema) {
    this.columns = new FeatureColumns(schema);
    this.items = new ItemNumbers(new BehaviorKeys(schema));
  }

  @Override
  public void startRowGroup() {
    items.clear();
    ids.clear();
  }

  @Override
  public void write(RecordConsumer out, SampleRun.Row row) {
    if (items.size() >= MOST_ITEMS) {
      items.clear();
    }
    int before = items.size();
    // Shown items first: most behaviours are clicks on them, and need no entry of their own.
    row.moments().forEach(moment -> moment.impressions().forEach(this::number));
    int[] history = items.of(row.history());
    List<ItemFeatures> added = items.takeAdded();
    RowFields.string(out, "user_id", 0, row.userId());
    RowFields.int32(out, SampleFormat.ITEMS_BEFORE, 1, before);
    RowFields.list(out, SampleFormat.ITEMS, 2, added.size(), i -> item(out, added.get(i)));
    RowFields.list(out, SampleFormat.HISTORY, 3, history.length, i -> out.addInteger(history[i]));
    List<SampleRun.Moment> moments = row.moments();
    RowFields.list(out, SampleFormat.MOMENTS, 4, moments.size(), i -> moment(out, moments, i));
    columns.user(out, 5, row.userKeys());
  }

  private int number(Impression impression) {
    return items.of(ItemFeatures.of(impression));
  }

  private void item(RecordConsumer out, ItemFeatures item) {
    out.startGroup();
    columns.item(out, 0, item);
    out.endGroup();
  }

  private void moment(RecordConsumer out, List<SampleRun.Moment> moments, int index) {
    SampleRun.Moment moment = moments.get(index);
    long before = index == 0 ? 0 : moments.get(index - 1).timestampSeconds();
    List<Impression> shown = moment.impressions();
    out.startGroup();
    RowFields.int64(out, SampleFormat.TS_STEP, 0, moment.timestampSeconds() - before);
    RowFields.int32(out, SampleFormat.ARRIVED, 1, moment.arrived());
    RowFields.int32(out, SampleFormat.BEHAVIORS, 2, moment.behaviors());
    RowFields.list(
        out, SampleFormat.IMPRESSIONS, 3, shown.size(), i -> impression(out, shown.get(i)));
    out.endGroup();
  }

  private void impression(RecordConsumer out, Impression impression) {
    out.startGroup();
    OptionalLong step = ids.stepTo(impression.impressionId());
    if (step.isEmpty()) {
      RowFields.string(out, "impression_id", 0, impression.impressionId());
    }
    RowFields.int64(out, SampleFormat.ID_STEP, 1, step.orElse(0));
    RowFields.int32(out, "label", 2, impression.label());
    RowFields.int32(out, SampleFormat.ITEM_NUMBER, 3, number(impression));
    columns.context(out, 4, impression);
    out.endGroup();
  }
}
