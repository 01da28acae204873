package io.dicm.trainer.predict;

import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.RowFields;
import io.dicm.common.parquet.RowWriter;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** The tables that a model with towers fills besides its predictions. */
public enum TowerTable {
  /** A row a user, as of the latest moment that was scored: of that moment's first impression. */
  USERS(
      "user_vectors",
      """
      message user_vector {
        required binary user_id (STRING);
        required int64 ts;
        required group vector (LIST) {
          repeated group list {
            required float element;
          }
        }
        required double bias;
      }
      """,
      (out, row) -> {
        RowFields.string(out, "user_id", 0, row.id());
        RowFields.int64(out, "ts", 1, row.timestampSeconds());
        vector(out, 2, row);
        RowFields.float64(out, "bias", 3, row.bias());
      }),

  /** A row an item, as it was when it was shown last. */
  ITEMS(
      "item_vectors",
      """
      message item_vector {
        required binary item_id (STRING);
        required int64 image_key;
        required group vector (LIST) {
          repeated group list {
            required float element;
          }
        }
      }
      """,
      (out, row) -> {
        RowFields.string(out, "item_id", 0, row.id());
        RowFields.int64(out, "image_key", 1, row.imageKey());
        vector(out, 2, row);
      });

  private final String tableName;
  private final MessageType schema;
  private final RowWriter<TowerVector> row;

  TowerTable(String tableName, String schema, RowWriter<TowerVector> row) {
    this.tableName = tableName;
    this.schema = MessageTypeParser.parseMessageType(schema);
    this.row = row;
  }

  /** The name in Hive and of the directory. */
  public String tableName() {
    return tableName;
  }

  /** Creates or replaces one of its files; for one thread. */
  ParquetTableWriter<TowerVector> writer(Configuration conf, Path file) throws IOException {
    return new ParquetTableWriter<>(
        conf,
        file,
        schema,
        row,
        Map.of(),
        builder -> builder.withDictionaryEncoding("vector.list.element", false));
  }

  private static void vector(RecordConsumer out, int index, TowerVector row) {
    RowFields.floats(out, "vector", index, row.vector(), 0, row.vector().length);
  }
}
