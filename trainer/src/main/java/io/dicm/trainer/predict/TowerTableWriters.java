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

/** The Parquet files of the tables of vectors. */
final class TowerTableWriters {
  private static final MessageType USER =
      MessageTypeParser.parseMessageType(
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
          """);

  private static final MessageType ITEM =
      MessageTypeParser.parseMessageType(
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
          """);

  private TowerTableWriters() {}

  /** Creates or replaces a file of a table; for one thread. */
  static ParquetTableWriter<TowerVector> open(Configuration conf, TowerTable table, Path file)
      throws IOException {
    return switch (table) {
      case USERS -> open(conf, file, USER, TowerTableWriters::writeUser);
      case ITEMS -> open(conf, file, ITEM, TowerTableWriters::writeItem);
    };
  }

  private static ParquetTableWriter<TowerVector> open(
      Configuration conf, Path file, MessageType schema, RowWriter<TowerVector> row)
      throws IOException {
    return new ParquetTableWriter<>(
        conf,
        file,
        schema,
        row,
        Map.of(),
        builder -> builder.withDictionaryEncoding("vector.list.element", false));
  }

  private static void writeUser(RecordConsumer out, TowerVector user) {
    RowFields.string(out, "user_id", 0, user.id());
    RowFields.int64(out, "ts", 1, user.timestampSeconds());
    RowFields.floats(out, "vector", 2, user.vector(), 0, user.vector().length);
    RowFields.float64(out, "bias", 3, user.bias());
  }

  private static void writeItem(RecordConsumer out, TowerVector item) {
    RowFields.string(out, "item_id", 0, item.id());
    RowFields.int64(out, "image_key", 1, item.imageKey());
    RowFields.floats(out, "vector", 2, item.vector(), 0, item.vector().length);
  }
}
