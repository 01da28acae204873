package io.dicm.trainer.evaluate;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Type;

/** The Parquet files of predictions: one row an impression. */
public final class PredictionTable {
  /** The columns, as Hive's table declares them. */
  public static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message prediction {
            required binary impression_id (STRING);
            required binary user_id (STRING);
            required binary item_id (STRING);
            required binary category (STRING);
            required int64 ts;
            required int32 label;
            required double probability;
            required int64 item_train_exposures;
            required int32 item_age_days;
            required int32 behavior_count;
            required boolean image_present;
          }
          """);

  private PredictionTable() {}

  /** Creates or replaces one file; for one thread. */
  public static ParquetTableWriter<Prediction> writer(Configuration conf, Path file)
      throws IOException {
    return new ParquetTableWriter<>(conf, file, SCHEMA, PredictionTable::write);
  }

  /**
   * Refuses a file that lacks columns.
   *
   * @throws DicmException {@link ErrorCode#SCHEMA_MISMATCH} naming the first of them
   */
  static void requireColumns(Configuration conf, Path file) throws IOException {
    MessageType found;
    try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, conf))) {
      found = reader.getFooter().getFileMetaData().getSchema();
    }
    for (Type column : SCHEMA.getFields()) {
      if (!found.containsField(column.getName())) {
        throw new DicmException(
            ErrorCode.SCHEMA_MISMATCH,
            "Cannot evaluate "
                + file
                + ": it has no column "
                + column.getName()
                + ". An earlier version made it: predict again.");
      }
    }
  }

  private static void write(RecordConsumer out, Prediction row) {
    RowFields.string(out, "impression_id", 0, row.impressionId());
    RowFields.string(out, "user_id", 1, row.userId());
    RowFields.string(out, "item_id", 2, row.itemId());
    RowFields.string(out, "category", 3, row.category());
    RowFields.int64(out, "ts", 4, row.timestampSeconds());
    RowFields.int32(out, "label", 5, row.label());
    RowFields.float64(out, "probability", 6, row.probability());
    RowFields.int64(out, "item_train_exposures", 7, row.sliceKeys().itemTrainExposures());
    RowFields.int32(out, "item_age_days", 8, row.sliceKeys().itemAgeDays());
    RowFields.int32(out, "behavior_count", 9, row.sliceKeys().behaviorCount());
    bool(out, "image_present", 10, row.sliceKeys().imagePresent());
  }

  private static void bool(RecordConsumer out, String name, int index, boolean value) {
    out.startField(name, index);
    out.addBoolean(value);
    out.endField(name, index);
  }
}
