package io.dicm.common.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/**
 * Writes rows of one type to one Parquet file, without an object model in between: vectors are not
 * boxed. ZSTD-compressed, so that no native Hadoop is needed. Not safe for use by many threads.
 */
public final class ParquetTableWriter<T> implements Closeable {
  private final ParquetWriter<T> writer;
  private long rows;

  /** Creates or replaces {@code file}. */
  public ParquetTableWriter(
      Configuration conf, Path file, MessageType schema, RowWriter<T> rowWriter)
      throws IOException {
    this(conf, file, schema, rowWriter, Map.of(), builder -> builder);
  }

  /**
   * @param metadata key-value pairs for the file's footer
   * @param tuning last changes to Parquet's own settings, such as dictionaries off for a vector
   */
  public ParquetTableWriter(
      Configuration conf,
      Path file,
      MessageType schema,
      RowWriter<T> rowWriter,
      Map<String, String> metadata,
      UnaryOperator<Builder<T>> tuning)
      throws IOException {
    Builder<T> builder =
        new Builder<>(HadoopOutputFile.fromPath(file, conf), schema, rowWriter, metadata);
    this.writer =
        tuning
            .apply(
                builder
                    .withConf(conf)
                    .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
                    .withCompressionCodec(CompressionCodecName.ZSTD))
            .build();
  }

  public void write(T row) throws IOException {
    writer.write(row);
    rows++;
  }

  /** Rows written so far. */
  public long rows() {
    return rows;
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  /** Parquet's own builder, open for tuning. */
  public static final class Builder<T> extends ParquetWriter.Builder<T, Builder<T>> {
    private final MessageType schema;
    private final RowWriter<T> rowWriter;
    private final Map<String, String> metadata;

    private Builder(
        OutputFile file, MessageType schema, RowWriter<T> rowWriter, Map<String, String> metadata) {
      super(file);
      this.schema = schema;
      this.rowWriter = rowWriter;
      this.metadata = metadata;
    }

    @Override
    protected Builder<T> self() {
      return this;
    }

    // Deprecated in Parquet 1.17 and abstract all the same: there is no other way to say it.
    @Override
    @SuppressWarnings("deprecation")
    protected WriteSupport<T> getWriteSupport(Configuration conf) {
      return new RowWriteSupport<>(schema, rowWriter, metadata);
    }
  }

  private static final class RowWriteSupport<T> extends WriteSupport<T> {
    private final MessageType schema;
    private final RowWriter<T> rowWriter;
    private final Map<String, String> metadata;
    private RecordConsumer consumer;

    private RowWriteSupport(
        MessageType schema, RowWriter<T> rowWriter, Map<String, String> metadata) {
      this.schema = schema;
      this.rowWriter = rowWriter;
      this.metadata = metadata;
    }

    @Override
    @SuppressWarnings("deprecation")
    public WriteContext init(Configuration conf) {
      return new WriteContext(schema, metadata);
    }

    /** Parquet calls it at the beginning of every row group. */
    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      this.consumer = recordConsumer;
      rowWriter.startRowGroup();
    }

    @Override
    public void write(T row) {
      consumer.startMessage();
      rowWriter.write(consumer, row);
      consumer.endMessage();
    }
  }
}
