package io.dicm.app.master.table;

import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.parquet.RowWriter;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.schema.MessageType;

/**
 * Publishes the rows of one partition of a table, one file. A partition without rows has no file
 * and is published all the same: that there are none is known. Immutable.
 *
 * @param conf for the file systems
 * @param schema of the file
 * @param writer of a row
 */
record TableFiles<T>(Configuration conf, MessageType schema, RowWriter<T> writer) {

  /** Gives rows, one after the other. */
  @FunctionalInterface
  interface Rows<T> {
    void forEach(RowConsumer<T> consumer) throws IOException;
  }

  /** Takes a row. */
  @FunctionalInterface
  interface RowConsumer<T> {
    void accept(T row) throws IOException;
  }

  /**
   * Replaces the partition as a whole, or leaves it as it was.
   *
   * @return how many rows it has
   */
  long publish(Path directory, Rows<T> rows) throws IOException {
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, directory)) {
      Path file = new Path(publisher.staging(), ParquetTables.partName(0));
      long count;
      try (ParquetTableWriter<T> table = new ParquetTableWriter<>(conf, file, schema, writer)) {
        rows.forEach(table::write);
        count = table.rows();
      }
      if (count == 0) {
        file.getFileSystem(conf).delete(file, false);
      }
      publisher.publish();
      return count;
    }
  }
}
