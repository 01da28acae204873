package io.dicm.ams.checkpoint;

import io.dicm.ams.embedding.EmbeddingSnapshot;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** ID embeddings with their optimiser's state as a Parquet file: one row a key. */
final class EmbeddingFile {
  private final Configuration conf;
  private final Path file;
  private final int dimension;
  private final Optimizer optimizer;
  private final List<String> fields;

  /**
   * @param dimension length of each embedding
   * @param optimizer its slots are columns beside the value
   */
  EmbeddingFile(Configuration conf, Path file, int dimension, Optimizer optimizer) {
    this.conf = conf;
    this.file = file;
    this.dimension = dimension;
    this.optimizer = optimizer;
    this.fields = new ArrayList<>(List.of(CheckpointLayout.VALUES));
    fields.addAll(optimizer.slots());
  }

  private MessageType schema() {
    StringBuilder schema = new StringBuilder("message id_embeddings {");
    schema.append(" required int64 id_key; required int32 updates;");
    for (String field : fields) {
      schema
          .append(" required group ")
          .append(field)
          .append(" (LIST) { repeated group list { required float element; } }");
    }
    return MessageTypeParser.parseMessageType(schema.append(" }").toString());
  }

  /** The values, then each slot. */
  private static float[] column(OptimizerState state, int field) {
    return field == 0 ? state.values() : state.slots()[field - 1];
  }

  private record Row(long key, int updates, OptimizerState state, int offset) {}

  /** Takes one row. */
  @FunctionalInterface
  interface RowConsumer {
    /**
     * @param state values and slots, [dimension] each; valid only during the call
     */
    void accept(long key, int updates, OptimizerState state);
  }

  void write(EmbeddingSnapshot embeddings) throws IOException {
    try (ParquetTableWriter<Row> writer =
        new ParquetTableWriter<>(
            conf,
            file,
            schema(),
            (out, row) -> {
              RowFields.int64(out, "id_key", 0, row.key());
              RowFields.int32(out, "updates", 1, row.updates());
              for (int f = 0; f < fields.size(); f++) {
                float[] values = column(row.state(), f);
                RowFields.floats(out, fields.get(f), f + 2, values, row.offset(), dimension);
              }
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
    OptimizerState state = OptimizerState.startingAt(new float[dimension], optimizer);
    long read =
        ParquetTables.read(
            conf,
            file,
            row -> {
              for (int f = 0; f < fields.size(); f++) {
                fill(row, fields.get(f), column(state, f));
              }
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
