package io.dicm.trainer.input;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Reads a whole CSV table in UTF-8 with a header (RFC 4180, line breaks in quotes included) from
 * any Hadoop file system. For one thread.
 */
public final class CsvTable implements AutoCloseable {
  private final Path file;
  private final CloseableIterator<CsvRecord> records;
  private final TableColumns header;

  /**
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when there is no such file, {@link
   *     ErrorCode#INPUT_INVALID} when it has no header
   */
  public CsvTable(Configuration conf, Path file) throws IOException {
    this(conf, file, ',');
  }

  /**
   * A table whose fields something else than a comma separates; errors as the other's.
   *
   * @param separator between fields
   */
  public CsvTable(Configuration conf, Path file, char separator) throws IOException {
    this.file = file;
    this.records = open(conf, file, separator);
    this.header = readHeader();
  }

  /** Only the header; errors as the constructor's. */
  public static TableColumns header(Configuration conf, Path file) throws IOException {
    try (CsvTable table = new CsvTable(conf, file)) {
      return table.header();
    }
  }

  public TableColumns header() {
    return header;
  }

  /**
   * Gives every row to {@code consumer}; those that it or the parser cannot use go to {@code
   * rejects}.
   *
   * @return the number of data rows, bad ones included
   * @throws DicmException {@link ErrorCode#INPUT_INVALID} where quotes are so broken that the rest
   *     of the file has no meaning
   */
  public long forEach(RowConsumer consumer, RejectedRows rejects) throws IOException {
    long rows = 0;
    for (CsvRecord record = next(); record != null; record = next()) {
      rows++;
      try {
        consumer.accept(new CsvRow(header, record.getFields()));
      } catch (BadRowException bad) {
        rejects.reject(file.getName() + " line " + record.getStartingLineNumber(), bad);
      }
    }
    return rows;
  }

  @Override
  public void close() throws IOException {
    records.close();
  }

  private TableColumns readHeader() throws IOException {
    boolean made = false;
    try {
      CsvRecord first = next();
      if (first == null) {
        throw invalid("it is empty, a header is needed", null);
      }
      TableColumns columns =
          new TableColumns(file.toString(), first.getFields().stream().map(String::trim).toList());
      made = true;
      return columns;
    } finally {
      if (!made) {
        records.close();
      }
    }
  }

  private CsvRecord next() throws IOException {
    try {
      return records.hasNext() ? records.next() : null;
    } catch (CsvParseException e) {
      throw invalid(String.valueOf(e.getMessage()), e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private DicmException invalid(String why, Exception cause) {
    return new DicmException(
        ErrorCode.INPUT_INVALID, "Cannot read " + file + " as CSV: " + why + ".", cause);
  }

  private static CloseableIterator<CsvRecord> open(Configuration conf, Path file, char separator)
      throws IOException {
    try {
      return CsvReader.builder()
          .detectBomHeader(true)
          .fieldSeparator(separator)
          .allowExtraFields(true)
          .allowMissingFields(true)
          .ofCsvRecord(file.getFileSystem(conf).open(file))
          .iterator();
    } catch (FileNotFoundException e) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING, "Cannot read " + file + ": there is no such file.", e);
    }
  }

  /** Takes one row. */
  @FunctionalInterface
  public interface RowConsumer {
    void accept(TableRow row) throws BadRowException, IOException;
  }
}
