package io.dicm.trainer.evaluate;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Type;

/** The Parquet files of predictions: one row an impression, each in {@link PredictionOrder}. */
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

  /** So that readers who look for a few users leave out most of a sorted file. */
  private static final long ROW_GROUP_BYTES = 8L << 20;

  /** Small, since those who merge runs hold a row group of each. */
  private static final long RUN_ROW_GROUP_BYTES = 1L << 20;

  /**
   * Creates or replaces one file, whose footer says that it is sorted; for one thread.
   *
   * @see SortedPredictionWriter who takes rows in any order
   */
  public static ParquetTableWriter<Prediction> writer(Configuration conf, Path file)
      throws IOException {
    return writer(conf, file, ROW_GROUP_BYTES);
  }

  /** As {@link #writer}, for a file that will be merged with others. */
  static ParquetTableWriter<Prediction> runWriter(Configuration conf, Path file)
      throws IOException {
    return writer(conf, file, RUN_ROW_GROUP_BYTES);
  }

  private static ParquetTableWriter<Prediction> writer(
      Configuration conf, Path file, long rowGroupBytes) throws IOException {
    return new ParquetTableWriter<>(
        conf,
        file,
        SCHEMA,
        PredictionTable::write,
        Map.of(PredictionOrder.FOOTER, PredictionOrder.COLUMNS),
        builder -> builder.withRowGroupSize(rowGroupBytes));
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
