package io.dicm.trainer.sample;

import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.RowFields;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;

/** Writes one Parquet file of samples. For one thread. */
public final class SampleWriter implements Closeable {
  /** Small enough that a shuffled order of row groups mixes a file's users. */
  private static final long ROW_GROUP_BYTES = 8L << 20;

  private final ParquetTableWriter<Sample> table;
  private final List<FeatureField> userFields;
  private final List<FeatureField> itemFields;
  private final List<FeatureField> contextFields;
  private final List<FeatureField> behaviorFields;

  /** Creates or replaces {@code file}. */
  public SampleWriter(Configuration conf, Path file, FeatureSchema schema) throws IOException {
    this(conf, file, schema, ROW_GROUP_BYTES);
  }

  SampleWriter(Configuration conf, Path file, FeatureSchema schema, long rowGroupBytes)
      throws IOException {
    this.userFields = schema.userFields();
    this.itemFields = schema.itemFields();
    this.contextFields = schema.contextFields();
    this.behaviorFields = schema.behaviorFields();
    this.table =
        new ParquetTableWriter<>(
            conf,
            file,
            SampleFormat.messageType(schema),
            this::write,
            Map.of(SampleFormat.SCHEMA_DIGEST, schema.digest()),
            builder -> builder.withRowGroupSize(rowGroupBytes));
  }

  public void write(Sample sample) throws IOException {
    table.write(sample);
  }

  /** Rows written so far. */
  public long rows() {
    return table.rows();
  }

  @Override
  public void close() throws IOException {
    table.close();
  }

  private void write(RecordConsumer out, Sample sample) {
    RowFields.string(out, "user_id", 0, sample.userId());
    RowFields.int64(out, "ts", 1, sample.timestampSeconds());
    behaviors(out, sample.behaviors());
    RowFields.list(
        out,
        SampleFormat.IMPRESSIONS,
        3,
        sample.impressions().size(),
        i -> impression(out, sample.impressions().get(i)));
    keys(out, SampleFormat.USER, 4, userFields, sample.userKeys());
  }

  private void behaviors(RecordConsumer out, Behaviors behaviors) {
    out.startField(SampleFormat.BEHAVIORS, 2);
    out.startGroup();
    RowFields.longs(out, SampleFormat.IMAGE_KEYS, 0, behaviors.imageKeys());
    keys(out, SampleFormat.IDS, 1, behaviorFields, behaviors.idKeys());
    out.endGroup();
    out.endField(SampleFormat.BEHAVIORS, 2);
  }

  private void impression(RecordConsumer out, Impression impression) {
    out.startGroup();
    RowFields.string(out, "impression_id", 0, impression.impressionId());
    RowFields.string(out, "item_id", 1, impression.itemId());
    RowFields.string(out, "category", 2, impression.category());
    RowFields.int32(out, "label", 3, impression.label());
    RowFields.int64(out, "image_key", 4, impression.imageKey());
    keys(out, SampleFormat.ITEM, 5, itemFields, impression.itemKeys());
    keys(out, SampleFormat.CONTEXT, 6, contextFields, impression.contextKeys());
    out.endGroup();
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
