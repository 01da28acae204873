package io.dicm.trainer.input;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.input.CsvTable.RowConsumer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Reads a whole table, file by file, whatever its format. For one thread. */
public final class TableReader {
  private static final int MOST_CHECKED_FILES = 1000;

  private final Configuration conf;
  private final TableSource source;
  private final List<String> columns;
  private final List<Path> files;

  /** Lists the table's files. */
  public TableReader(Configuration conf, TableScan scan) throws IOException {
    this.conf = conf;
    this.source = scan.source();
    this.columns = scan.columns();
    this.files = new TableDirectory(conf, source.name()).files(source.parts());
  }

  /**
   * Refuses a table of which some file lacks columns, or has them in a type that cannot be read.
   * Opens every file, or of more than 1,000 as many of them, evenly: in one that is not opened
   * missing columns make bad rows.
   *
   * @throws DicmException {@link ErrorCode#INPUT_INVALID} naming the file and the columns
   */
  public void requireColumns(List<String> needed) throws IOException {
    int step = files.size() / MOST_CHECKED_FILES + 1;
    for (int i = 0; i < files.size(); i += step) {
      Path file = files.get(i);
      Set<String> names = new LinkedHashSet<>(columns(file));
      names.addAll(source.partitionColumns());
      new TableColumns(file.toString(), new ArrayList<>(names)).require(needed);
    }
  }

  /**
   * Gives every row to {@code consumer}; those that it or the format cannot use go to {@code
   * rejects}.
   *
   * @return the number of rows, bad ones included
   * @throws DicmException {@link ErrorCode#INPUT_INVALID} when a file cannot be read on
   */
  public long forEach(RowConsumer consumer, RejectedRows rejects) throws IOException {
    long rows = 0;
    for (Path file : files) {
      TablePart part = source.partOf(file).orElseThrow();
      RowConsumer inPart = row -> consumer.accept(PartitionedRow.of(row, part.partition()));
      rows += forEach(file, inPart, rejects);
    }
    return rows;
  }

  private List<String> columns(Path file) throws IOException {
    return switch (source.format()) {
      case CSV -> CsvTable.header(conf, file).names();
      case PARQUET -> ParquetColumns.read(conf, file, columns).fileColumns();
    };
  }

  private long forEach(Path file, RowConsumer consumer, RejectedRows rejects) throws IOException {
    String shown = source.shownName(file);
    if (source.format() == TableFormat.CSV) {
      try (CsvTable table = new CsvTable(conf, file)) {
        return table.forEach(
            consumer,
            (place, bad) -> rejects.reject(shown + place.substring(file.getName().length()), bad));
      }
    }
    try (ParquetRows table = ParquetRows.ofWhole(conf, file, columns)) {
      long rows = 0;
      for (TableRow row = table.next(); row != null; row = table.next()) {
        rows++;
        try {
          consumer.accept(row);
        } catch (BadRowException bad) {
          rejects.reject(shown + " row " + table.position(), bad);
        }
      }
      return rows;
    }
  }
}
