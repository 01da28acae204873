package io.dicm.ams.checkpoint;

import io.dicm.ams.embedding.EmbeddingSnapshot;
import io.dicm.ams.embedding.EmbeddingVisitor;
import io.dicm.ams.embedding.IdHistory;
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
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * ID embeddings with their optimiser's state and history as a Parquet file: one row a key. The
 * lists of a candidate, which has no embedding yet, are empty.
 */
final class EmbeddingFile {
  /** Position of the first list among the columns. */
  private static final int FIRST_LIST = 4;

  /** What the lists of a candidate hold. */
  private static final float[] CANDIDATE = {};

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
    schema.append(" required int64 id_key; required int64 last_step;");
    schema.append(" required int32 references; required int32 updates;");
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

  /** A row of the file; without state for a candidate. */
  private record Row(long key, IdHistory history, Optional<OptimizerState> state) {}

  /** Writes all rows. Returns how many there are. */
  long write(EmbeddingSnapshot embeddings) throws IOException {
    try (ParquetTableWriter<Row> writer =
        new ParquetTableWriter<>(conf, file, schema(), this::writeFields)) {
      CountingVisitor visitor = new CountingVisitor(writer);
      embeddings.forEach(visitor);
      return visitor.rows;
    }
  }

  private void writeFields(RecordConsumer out, Row row) {
    RowFields.int64(out, "id_key", 0, row.key());
    RowFields.int64(out, "last_step", 1, row.history().lastStep());
    RowFields.int32(out, "references", 2, row.history().references());
    RowFields.int32(out, "updates", 3, row.history().updates());
    for (int f = 0; f < fields.size(); f++) {
      int field = f;
      float[] values = row.state().map(state -> column(state, field)).orElse(CANDIDATE);
      RowFields.floats(out, fields.get(f), f + FIRST_LIST, values, 0, values.length);
    }
  }

  /** Writes what it visits. */
  private static final class CountingVisitor implements EmbeddingVisitor<IOException> {
    private final ParquetTableWriter<Row> writer;
    private long rows;

    private CountingVisitor(ParquetTableWriter<Row> writer) {
      this.writer = writer;
    }

    @Override
    public void row(long key, IdHistory history, OptimizerState state) throws IOException {
      writer.write(new Row(key, history, Optional.of(state)));
      rows++;
    }

    @Override
    public void candidate(long key, IdHistory history) throws IOException {
      writer.write(new Row(key, history, Optional.empty()));
      rows++;
    }
  }

  /**
   * Reads all rows.
   *
   * @param rows how many there must be
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} naming the file
   */
  void read(long rows, EmbeddingVisitor<RuntimeException> visitor) throws IOException {
    OptimizerState state = OptimizerState.startingAt(new float[dimension], optimizer);
    long read = ParquetTables.read(conf, file, row -> read(row, state, visitor));
    if (read != rows) {
      throw new DicmException(
          ErrorCode.STORE_CORRUPT,
          "Cannot restore from " + file + ": it holds " + read + " rows, needed " + rows + ".");
    }
  }

  private void read(Group row, OptimizerState state, EmbeddingVisitor<RuntimeException> visitor) {
    long key = row.getLong("id_key", 0);
    IdHistory history =
        new IdHistory(
            row.getLong("last_step", 0),
            row.getInteger("references", 0),
            row.getInteger("updates", 0));
    if (row.getGroup(CheckpointLayout.VALUES, 0).getFieldRepetitionCount(0) == 0) {
      visitor.candidate(key, history);
      return;
    }
    for (int f = 0; f < fields.size(); f++) {
      fill(row, fields.get(f), column(state, f));
    }
    visitor.row(key, history, state);
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
