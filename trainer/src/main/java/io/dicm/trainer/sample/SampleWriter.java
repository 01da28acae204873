package io.dicm.trainer.sample;

import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.Closeable;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Writes one Parquet file of samples. Consecutive samples of one user become one row, whose
 * behaviours are stored once, as are the features of a row group's items (the common-feature
 * layout); samples are read back one by one, as they were written. For one thread.
 */
public final class SampleWriter implements Closeable {
  private final ParquetTableWriter<SampleRun.Row> table;
  private final SampleRun run;

  /** Creates or replaces {@code file}. */
  public SampleWriter(Configuration conf, Path file, FeatureSchema schema) throws IOException {
    this(conf, file, schema, SampleFormat.ROW_GROUP_BYTES);
  }

  SampleWriter(Configuration conf, Path file, FeatureSchema schema, long rowGroupBytes)
      throws IOException {
    this.run = new SampleRun(schema.behaviorFields().size());
    this.table =
        new ParquetTableWriter<>(
            conf,
            file,
            SampleFormat.messageType(schema),
            new SampleRowWriter(schema),
            SampleFormat.footer(schema),
            builder -> SampleFormat.splitSmallNumbers(SampleFormat.tune(builder, rowGroupBytes)));
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
}
