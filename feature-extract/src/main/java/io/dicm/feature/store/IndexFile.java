package io.dicm.feature.store;

import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Reads and writes an index, a Parquet file {@code _index-*.parquet} of {@link IndexEntry}s. */
final class IndexFile {
  /** How the files' names begin. */
  static final String PREFIX = "_index-";

  private static final MessageType MESSAGE =
      MessageTypeParser.parseMessageType(
          """
          message image_index {
            required binary image_id (STRING);
            required int64 image_key;
            required binary content_digest (STRING);
            required binary file (STRING);
            required binary source_name (STRING);
            required int64 source_length;
            required int64 source_modified_at;
            required binary rejection (STRING);
            required binary rejection_detail (STRING);
            required binary absent_since (STRING);
          }
          """);

  private IndexFile() {}

  /** Writes entries in their order. */
  static void write(Configuration conf, Path file, Collection<IndexEntry> entries)
      throws IOException {
    try (ParquetTableWriter<IndexEntry> writer =
        new ParquetTableWriter<>(conf, file, MESSAGE, IndexFile::writeFields)) {
      for (IndexEntry entry : entries) {
        writer.write(entry);
      }
    }
  }

  /** Reads all entries in their order. */
  static void read(Configuration conf, Path file, Consumer<IndexEntry> consumer)
      throws IOException {
    Map<String, String> texts = new HashMap<>();
    ParquetTables.read(conf, file, row -> consumer.accept(entry(row, texts)));
  }

  private static void writeFields(RecordConsumer out, IndexEntry entry) {
    RowFields.string(out, "image_id", 0, entry.imageId());
    RowFields.int64(out, "image_key", 1, entry.imageKey());
    RowFields.string(out, "content_digest", 2, entry.contentDigest());
    RowFields.string(out, "file", 3, entry.file());
    RowFields.string(out, "source_name", 4, entry.source().name());
    RowFields.int64(out, "source_length", 5, entry.source().length());
    RowFields.int64(out, "source_modified_at", 6, entry.source().modifiedAtMs());
    RowFields.string(out, "rejection", 7, entry.rejection());
    RowFields.string(out, "rejection_detail", 8, entry.rejectionDetail());
    RowFields.string(out, "absent_since", 9, entry.absentSince());
  }

  /** Texts that most entries have in common are in memory once. */
  private static IndexEntry entry(Group row, Map<String, String> texts) {
    String detail = row.getString("rejection_detail", 0);
    return new IndexEntry(
        row.getString("image_id", 0),
        row.getLong("image_key", 0),
        row.getString("content_digest", 0),
        shared(row.getString("file", 0), texts),
        new SourceFile(
            row.getString("source_name", 0),
            row.getLong("source_length", 0),
            row.getLong("source_modified_at", 0)),
        shared(row.getString("rejection", 0), texts),
        detail.isEmpty() ? "" : detail,
        shared(row.getString("absent_since", 0), texts));
  }

  private static String shared(String text, Map<String, String> texts) {
    String known = texts.putIfAbsent(text, text);
    return known == null ? text : known;
  }
}
