package io.dicm.trainer.sample;

import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.RowFields;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.Closeable;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * Writes samples as they would be without the common-feature layout, to measure against: a row an
 * impression, each with its user's features and behaviours and its item's features, in row groups
 * of the same size. Nobody reads such files. For one thread.
 */
public final class FlatSampleWriter implements Closeable {
  private final ParquetTableWriter<FlatRow> table;
  private final FeatureColumns columns;
  private final int userIndex;

  /** Creates or replaces {@code file}. */
  public FlatSampleWriter(Configuration conf, Path file, FeatureSchema schema) throws IOException {
    this.columns = new FeatureColumns(schema);
    // The user's group is the last one; that of the context may not be there.
    this.userIndex = schema.contextFields().isEmpty() ? 9 : 10;
    this.table =
        new ParquetTableWriter<>(
            conf,
            file,
            SampleFormat.flatMessageType(schema),
            this::write,
            SampleFormat.footer(schema),
            builder -> SampleFormat.tune(builder, SampleFormat.ROW_GROUP_BYTES));
  }

  /** Writes a row for one of the sample's impressions. */
  public void write(Sample sample, Impression impression) throws IOException {
    table.write(new FlatRow(sample, impression));
  }

  @Override
  public void close() throws IOException {
    table.close();
  }

  private void write(RecordConsumer out, FlatRow row) {
    RowFields.string(out, "user_id", 0, row.sample.userId());
    RowFields.int64(out, "ts", 1, row.sample.timestampSeconds());
    columns.behaviors(out, SampleFormat.BEHAVIORS, 2, row.sample.behaviors());
    RowFields.string(out, "impression_id", 3, row.impression.impressionId());
    RowFields.int32(out, "label", 4, row.impression.label());
    columns.item(out, 5, ItemFeatures.of(row.impression));
    columns.context(out, 9, row.impression);
    columns.user(out, userIndex, row.sample.userKeys());
  }

  private record FlatRow(Sample sample, Impression impression) {}
}
