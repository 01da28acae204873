package io.dicm.trainer.input;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.parquet.ParquetTables;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetRuntimeException;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;

/** The rows of a Parquet file, or of the row groups whose middle is in a range. For one thread. */
final class ParquetRows implements Closeable {
  private final Path file;
  private final ParquetReader<TableRow> reader;

  private ParquetRows(Path file, ParquetReader<TableRow> reader) {
    this.file = file;
    this.reader = reader;
  }

  /**
   * Opens all of a file.
   *
   * @param wanted the columns to read; those that the file lacks are empty
   * @throws DicmException as {@link ParquetColumns#read}
   */
  static ParquetRows ofWhole(Configuration conf, Path file, List<String> wanted)
      throws IOException {
    return ofRange(conf, file, 0, Long.MAX_VALUE, wanted);
  }

  /** Opens the row groups whose middle is at or after {@code start} and before {@code end}. */
  static ParquetRows ofRange(
      Configuration conf, Path file, long start, long end, List<String> wanted) throws IOException {
    MessageType schema = ParquetColumns.read(conf, file, wanted).schema();
    ParquetReader<TableRow> reader =
        ParquetTables.reader(conf, file, new RowSupport(schema, Set.copyOf(wanted)))
            .withFileRange(start, end)
            .build();
    return new ParquetRows(file, reader);
  }

  /** The next row; null after the last one. */
  TableRow next() throws IOException {
    try {
      return reader.read();
    } catch (ParquetRuntimeException e) {
      throw new DicmException(
          ErrorCode.INPUT_INVALID,
          "Cannot read " + file + ": it is damaged (" + e.getMessage() + ").",
          e);
    }
  }

  /** The number of the last row in the file, from 0. */
  long position() {
    return reader.getCurrentRowIndex();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  private static final class RowSupport extends ReadSupport<TableRow> {
    private final MessageType schema;
    private final Set<String> wanted;

    RowSupport(MessageType schema, Set<String> wanted) {
      this.schema = schema;
      this.wanted = wanted;
    }

    @Override
    public ReadContext init(InitContext context) {
      return new ReadContext(schema);
    }

    @Override
    @SuppressWarnings("deprecation") // Parquet calls the newer one, which calls this abstract one.
    public RecordMaterializer<TableRow> prepareForRead(
        Configuration conf,
        Map<String, String> metadata,
        MessageType fileSchema,
        ReadContext context) {
      return new ParquetRowMaterializer(schema, wanted);
    }
  }
}
