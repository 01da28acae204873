package io.dicm.trainer.sample;

import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.RowFields;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * Writes one Parquet file of samples. Consecutive samples of one user become one row, whose
 * behaviours are stored once (the common-feature layout); they are read back one by one, as they
 * were written. For one thread.
 */
public final class SampleWriter implements Closeable {
  private final ParquetTableWriter<SampleRun.Row> table;
  private final FeatureColumns columns;
  private final SampleRun run;

  /** Creates or replaces {@code file}. */
  public SampleWriter(Configuration conf, Path file, FeatureSchema schema) throws IOException {
    this(conf, file, schema, SampleFormat.ROW_GROUP_BYTES);
  }

  SampleWriter(Configuration conf, Path file, FeatureSchema schema, long rowGroupBytes)
      throws IOException {
    this.columns = new FeatureColumns(schema);
    this.run = new SampleRun(schema.behaviorFields().size());
    this.table =
        new ParquetTableWriter<>(
            conf,
            file,
            SampleFormat.messageType(schema),
            this::write,
            SampleFormat.footer(schema),
            builder -> SampleFormat.tune(builder, rowGroupBytes));
  }

  /** Writes a sample after those before; a user's are to come one after the other. */
  public void write(Sample sample) throws IOException {
    if (!run.takes(sample)) {
      table.write(run.take());
    }
    run.add(sample);
  }

  @Override
  public void close() throws IOException {
    try (table) {
      if (!run.isEmpty()) {
        table.write(run.take());
      }
    }
  }

  private void write(RecordConsumer out, SampleRun.Row row) {
    RowFields.string(out, "user_id", 0, row.userId());
    columns.behaviors(out, SampleFormat.HISTORY, 1, row.history());
    List<SampleRun.Moment> moments = row.moments();
    RowFields.list(out, SampleFormat.MOMENTS, 2, moments.size(), i -> moment(out, moments.get(i)));
    columns.user(out, 3, row.userKeys());
  }

  private void moment(RecordConsumer out, SampleRun.Moment moment) {
    List<Impression> impressions = moment.impressions();
    out.startGroup();
    RowFields.int64(out, "ts", 0, moment.timestampSeconds());
    RowFields.int32(out, SampleFormat.ARRIVED, 1, moment.arrived());
    RowFields.int32(out, SampleFormat.BEHAVIORS, 2, moment.behaviors());
    RowFields.list(
        out,
        SampleFormat.IMPRESSIONS,
        3,
        impressions.size(),
        i -> {
          out.startGroup();
          columns.impression(out, 0, impressions.get(i));
          out.endGroup();
        });
    out.endGroup();
  }
}
