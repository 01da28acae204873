package io.dicm.ams.checkpoint;

import io.dicm.ams.embedding.EmbeddingSnapshot;
import io.dicm.ams.optimizer.Adam;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** ID embeddings with their optimiser's state as a Parquet file: one row a key. */
final class EmbeddingFile {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message id_embeddings {
            required int64 id_key;
            required int32 updates;
            required group value (LIST) { repeated group list { required float element; } }
            required group first_moment (LIST) { repeated group list { required float element; } }
            required group second_moment (LIST) { repeated group list { required float element; } }
          }
          """);

  private final Configuration conf;
  private final Path file;
  private final int dimension;

  /**
   * @param dimension length of each embedding
   */
  EmbeddingFile(Configuration conf, Path file, int dimension) {
    this.conf = conf;
    this.file = file;
    this.dimension = dimension;
  }

  private record Row(long key, int updates, Adam.State state, int offset) {}

  /** Takes one row. */
  @FunctionalInterface
  interface RowConsumer {
    /**
     * @param state values and moments, [dimension] each; valid only during the call
     */
    void accept(long key, int updates, Adam.State state);
  }

  void write(EmbeddingSnapshot embeddings) throws IOException {
    try (ParquetTableWriter<Row> writer =
        new ParquetTableWriter<>(
            conf,
            file,
            SCHEMA,
            (out, row) -> {
              RowFields.int64(out, "id_key", 0, row.key());
              RowFields.int32(out, "updates", 1, row.updates());
              Adam.State state = row.state();
              int from = row.offset();
              RowFields.floats(out, CheckpointLayout.VALUES, 2, state.values(), from, dimension);
              RowFields.floats(
                  out, CheckpointLayout.FIRST_MOMENT, 3, state.firstMoments(), from, dimension);
              RowFields.floats(
                  out, CheckpointLayout.SECOND_MOMENT, 4, state.secondMoments(), from, dimension);
            })) {
      embeddings.forEach(
          (key, updates, state, offset) -> writer.write(new Row(key, updates, state, offset)));
    }
  }

  /**
   * Reads all rows.
   *
   * @param rows how many there must be
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} naming the file
   */
  void read(long rows, RowConsumer consumer) throws IOException {
    Adam.State state = Adam.State.startingAt(new float[dimension]);
    long read =
        ParquetTables.read(
            conf,
            file,
            row -> {
              fill(row, CheckpointLayout.VALUES, state.values());
              fill(row, CheckpointLayout.FIRST_MOMENT, state.firstMoments());
              fill(row, CheckpointLayout.SECOND_MOMENT, state.secondMoments());
              consumer.accept(row.getLong("id_key", 0), row.getInteger("updates", 0), state);
            });
    if (read != rows) {
      throw new DicmException(
          ErrorCode.STORE_CORRUPT,
          "Cannot restore from " + file + ": it holds " + read + " rows, needed " + rows + ".");
    }
  }

  private void fill(Group row, String field, float[] target) {
    Group list = row.getGroup(field, 0);
    int length = list.getFieldRepetitionCount(0);
    if (length != target.length) {
      throw new DicmException(
          ErrorCode.STORE_CORRUPT,
          "Cannot restore from "
              + file
              + ": a row has "
              + length
              + " values in "
              + field
              + ", needed "
              + target.length
              + ".");
    }
    for (int i = 0; i < length; i++) {
      target[i] = list.getGroup(0, i).getFloat(0, 0);
    }
  }
}
