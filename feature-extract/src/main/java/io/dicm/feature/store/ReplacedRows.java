package io.dicm.feature.store;

import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * The rows of a snapshot's files that are not part of it, by image key: replaced by a later file or
 * forgotten. 8 bytes each in memory. Immutable.
 */
final class ReplacedRows {
  /** All rows are part of the snapshot. */
  static final ReplacedRows NONE = new ReplacedRows(Map.of());

  /** How the files' names begin. */
  static final String PREFIX = "_replaced-";

  private static final long[] NO_KEYS = {};
  private static final MessageType MESSAGE =
      MessageTypeParser.parseMessageType(
          """
          message replaced_row {
            required binary file (STRING);
            required int64 image_key;
          }
          """);

  private final Map<String, long[]> sortedKeysByFile;

  private ReplacedRows(Map<String, long[]> sortedKeysByFile) {
    this.sortedKeysByFile = sortedKeysByFile;
  }

  /** One row of the file. */
  private record Row(String file, long imageKey) {}

  /** These rows, by the name of their file relative to the extractor's directory. */
  static ReplacedRows of(Map<String, SortedSet<Long>> keysByFile) {
    Map<String, long[]> sorted = new TreeMap<>();
    keysByFile.forEach(
        (file, keys) -> {
          if (!keys.isEmpty()) {
            sorted.put(file, keys.stream().mapToLong(Long::longValue).toArray());
          }
        });
    return new ReplacedRows(sorted);
  }

  /** Reads what {@link #write} wrote. */
  static ReplacedRows read(Configuration conf, Path file) throws IOException {
    Map<String, SortedSet<Long>> keysByFile = new HashMap<>();
    ParquetTables.read(
        conf,
        file,
        row ->
            keysByFile
                .computeIfAbsent(row.getString("file", 0), name -> new TreeSet<>())
                .add(row.getLong("image_key", 0)));
    return of(keysByFile);
  }

  /** Writes them by file and key. */
  void write(Configuration conf, Path file) throws IOException {
    try (ParquetTableWriter<Row> writer =
        new ParquetTableWriter<>(conf, file, MESSAGE, ReplacedRows::writeFields)) {
      for (Map.Entry<String, long[]> keys : sortedKeysByFile.entrySet()) {
        for (long key : keys.getValue()) {
          writer.write(new Row(keys.getKey(), key));
        }
      }
    }
  }

  /** Whether a row of a file is not part of the snapshot. */
  boolean contains(String file, long imageKey) {
    return Arrays.binarySearch(sortedKeysByFile.getOrDefault(file, NO_KEYS), imageKey) >= 0;
  }

  /** The rows by file, to be changed by the caller. */
  Map<String, SortedSet<Long>> byFile() {
    Map<String, SortedSet<Long>> copy = new TreeMap<>();
    sortedKeysByFile.forEach(
        (file, keys) -> {
          TreeSet<Long> set = new TreeSet<>();
          Arrays.stream(keys).forEach(set::add);
          copy.put(file, set);
        });
    return copy;
  }

  /** Number of rows. */
  long count() {
    return sortedKeysByFile.values().stream().mapToLong(keys -> keys.length).sum();
  }

  private static void writeFields(RecordConsumer out, Row row) {
    RowFields.string(out, "file", 0, row.file());
    RowFields.int64(out, "image_key", 1, row.imageKey());
  }
}
