package io.dicm.trainer.predict;

import io.dicm.common.key.Fingerprints;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * Where predictors leave vectors for each other. Which predictor meets a user or an item is chance,
 * and several may: so each ID has one predictor, by its fingerprint, that puts together what all
 * have of it.
 *
 * @param conf for the file system
 * @param directory of the predictions, not yet published
 * @param predictors how many there are
 */
record TowerParts(Configuration conf, Path directory, int predictors) {
  /** Hive reads nothing of a name that begins so. */
  static final String DIRECTORY = "_towers";

  /** There are as many writers as predictors, each with a row group. */
  private static final long ROW_GROUP_BYTES = 1L << 20;

  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message part {
            required binary id (STRING);
            required int64 ts;
            required int64 image_key;
            required double bias;
            required group vector (LIST) {
              repeated group list {
                required float element;
              }
            }
          }
          """);

  /** The predictor that an ID belongs to. */
  int ownerOf(TowerTable table, String id) {
    return Math.floorMod(Fingerprints.idKey(table.tableName(), id), predictors);
  }

  /** A new file of what one predictor has for another one. */
  ParquetTableWriter<TowerVector> writer(TowerTable table, int predictor, int owner)
      throws IOException {
    return new ParquetTableWriter<>(
        conf,
        new Path(of(table, owner), ParquetTables.partName(predictor)),
        SCHEMA,
        TowerParts::write,
        Map.of(),
        builder ->
            builder
                .withRowGroupSize(ROW_GROUP_BYTES)
                .withDictionaryEncoding("vector.list.element", false));
  }

  /** What all predictors have for one. */
  NewestVectors read(TowerTable table, int owner) throws IOException {
    NewestVectors vectors = new NewestVectors();
    Path parts = of(table, owner);
    FileSystem fs = parts.getFileSystem(conf);
    if (fs.exists(parts)) {
      for (FileStatus file : ParquetTables.files(conf, parts)) {
        ParquetTables.read(conf, file.getPath(), row -> vectors.add(vector(row)));
      }
    }
    return vectors;
  }

  /** Removes what there was for one predictor. */
  void delete(TowerTable table, int owner) throws IOException {
    Path parts = of(table, owner);
    parts.getFileSystem(conf).delete(parts, true);
  }

  /** Where the finished files of a table are. */
  static Path finished(Path directory, TowerTable table) {
    return new Path(PredictionWorker.vectors(directory), table.tableName());
  }

  private Path of(TowerTable table, int owner) {
    return new Path(new Path(finished(directory, table), "_parts"), "of-" + owner);
  }

  private static void write(RecordConsumer out, TowerVector vector) {
    RowFields.string(out, "id", 0, vector.id());
    RowFields.int64(out, "ts", 1, vector.timestampSeconds());
    RowFields.int64(out, "image_key", 2, vector.imageKey());
    RowFields.float64(out, "bias", 3, vector.bias());
    RowFields.floats(out, "vector", 4, vector.vector(), 0, vector.vector().length);
  }

  private static TowerVector vector(Group row) {
    Group list = row.getGroup("vector", 0);
    float[] values = new float[list.getFieldRepetitionCount(0)];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.getGroup(0, i).getFloat(0, 0);
    }
    return new TowerVector(
        row.getString("id", 0),
        row.getLong("ts", 0),
        row.getLong("image_key", 0),
        row.getDouble("bias", 0),
        values);
  }
}
