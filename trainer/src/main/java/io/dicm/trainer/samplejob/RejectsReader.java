package io.dicm.trainer.samplejob;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads the files in which a samples job listed the rows that it left out. Immutable. */
public final class RejectsReader {
  private static final int COLUMNS = 3;

  private final Configuration conf;
  private final Path directory;

  /**
   * @param samples the samples directory, the one above {@code train/} and {@code test/}
   */
  public RejectsReader(Configuration conf, Path samples) {
    this.conf = conf;
    this.directory = new Path(samples, RejectsFile.DIRECTORY);
  }

  /** Takes one row that was left out. */
  @FunctionalInterface
  public interface Consumer {
    /**
     * @param table of the input, such as {@code impressions}
     * @param place file and line, or row, of the table
     * @param reason one of a few words
     * @param detail what was wrong with it
     */
    void accept(String table, String place, String reason, String detail) throws IOException;
  }

  /**
   * Gives every listed row to the consumer, file by file in the order of their names; none where
   * there are no samples or nothing was left out.
   *
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} for a row that has not all columns
   */
  public void read(Consumer consumer) throws IOException {
    FileSystem fs = directory.getFileSystem(conf);
    for (FileStatus file : files(fs)) {
      // Named TABLE-m-00000.csv by the task.
      String table = file.getPath().getName().replaceFirst("-[mr]-[0-9]+\\.csv$", "");
      try (CsvReader<CsvRecord> rows =
          CsvReader.builder()
              .ofCsvRecord(
                  new InputStreamReader(fs.open(file.getPath()), StandardCharsets.UTF_8))) {
        boolean header = true;
        for (CsvRecord row : rows) {
          if (!header) {
            accept(file.getPath(), table, row, consumer);
          }
          header = false;
        }
      }
    }
  }

  private static void accept(Path file, String table, CsvRecord row, Consumer consumer)
      throws IOException {
    if (row.getFieldCount() != COLUMNS) {
      throw new DicmException(
          ErrorCode.STORE_CORRUPT,
          "Cannot read the rejected rows in %s: row %d has %d columns, needed %d."
              .formatted(file, row.getStartingLineNumber(), row.getFieldCount(), COLUMNS));
    }
    consumer.accept(table, row.getField(0), row.getField(1), row.getField(2));
  }

  private List<FileStatus> files(FileSystem fs) throws IOException {
    try {
      return Arrays.stream(fs.listStatus(directory))
          .filter(file -> file.getPath().getName().endsWith(".csv"))
          .sorted(Comparator.comparing(FileStatus::getPath))
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }
}
