package io.dicm.trainer.sample;

import io.dicm.common.parquet.RowFields;
import io.dicm.common.parquet.RowWriter;
import io.dicm.trainer.schema.FeatureSchema;
import java.util.List;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * Writes the rows of {@link SampleFormat}: each item's features in the first row of a row group
 * that needs them, and numbers of items elsewhere. For one thread.
 */
final class SampleRowWriter implements RowWriter<SampleRun.Row> {
  private final FeatureColumns columns;
  private final ItemNumbers items;

  SampleRowWriter(FeatureSchema schema) {
    this.columns = new FeatureColumns(schema);
    this.items = new ItemNumbers(new BehaviorKeys(schema));
  }

  @Override
  public void startRowGroup() {
    items.clear();
  }

  @Override
  public void write(RecordConsumer out, SampleRun.Row row) {
    int before = items.size();
    // Shown items first: most behaviours are clicks on them, and need no entry of their own.
    row.moments().forEach(moment -> moment.impressions().forEach(this::number));
    int[] history = items.of(row.history());
    List<ItemFeatures> added = items.takeAdded();
    RowFields.string(out, "user_id", 0, row.userId());
    RowFields.int32(out, SampleFormat.ITEMS_BEFORE, 1, before);
    RowFields.list(out, SampleFormat.ITEMS, 2, added.size(), i -> item(out, added.get(i)));
    RowFields.list(
        out, SampleFormat.HISTORY, 3, history.length, i -> out.addInteger(history[i]));
    List<SampleRun.Moment> moments = row.moments();
    RowFields.list(out, SampleFormat.MOMENTS, 4, moments.size(), i -> moment(out, moments.get(i)));
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

  private void moment(RecordConsumer out, SampleRun.Moment moment) {
    List<Impression> shown = moment.impressions();
    out.startGroup();
    RowFields.int64(out, "ts", 0, moment.timestampSeconds());
    RowFields.int32(out, SampleFormat.ARRIVED, 1, moment.arrived());
    RowFields.int32(out, SampleFormat.BEHAVIORS, 2, moment.behaviors());
    RowFields.list(
        out, SampleFormat.IMPRESSIONS, 3, shown.size(), i -> impression(out, shown.get(i)));
    out.endGroup();
  }

  private void impression(RecordConsumer out, Impression impression) {
    out.startGroup();
    columns.shown(out, 0, impression);
    RowFields.int32(out, SampleFormat.ITEM_NUMBER, 2, number(impression));
    columns.context(out, 3, impression);
    out.endGroup();
  }
}
