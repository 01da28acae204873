package io.dicm.ams.checkpoint;

import io.dicm.ams.embedding.ByColumns;
import io.dicm.ams.embedding.EmbeddingSnapshot;
import io.dicm.ams.embedding.EmbeddingVisitor;
import io.dicm.ams.embedding.IdHistory;
import io.dicm.ams.embedding.RowColumns;
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
 * ID embeddings and weights with their optimisers' state and history as a Parquet file: one row a
 * key, a list for the values and for each slot of embedding and weights. The lists of a candidate,
 * which has no values of its own yet, are empty.
 */
final class EmbeddingFile {
  /** Position of the first list among the columns. */
  private static final int FIRST_LIST = 4;

  /** What the lists of a candidate hold. */
  private static final float[] CANDIDATE = {};

  private final Configuration conf;
  private final Path file;
  private final ByColumns optimizers;
  private final List<Field> fields = new ArrayList<>();

  /**
   * @param optimizers their slots are columns beside the values
   */
  EmbeddingFile(Configuration conf, Path file, ByColumns optimizers) {
    this.conf = conf;
    this.file = file;
    this.optimizers = optimizers;
    RowColumns columns = optimizers.columns();
    if (columns.embedding() > 0) {
      addFields("", 0, columns.embedding(), optimizers.embedding());
    }
    if (columns.weights() > 0) {
      addFields(
          CheckpointLayout.WEIGHT_PREFIX,
          columns.embedding(),
          columns.weights(),
          optimizers.weights());
    }
  }

  private void addFields(String prefix, int from, int length, Optimizer optimizer) {
    fields.add(new Field(prefix + CheckpointLayout.VALUES, Field.VALUES, from, length));
    for (int slot = 0; slot < optimizer.slots().size(); slot++) {
      fields.add(new Field(prefix + optimizer.slots().get(slot), slot, from, length));
    }
  }

  /**
   * A list of the file.
   *
   * @param slot that it holds, or {@link #VALUES}
   * @param from first column of the row that it holds
   * @param length of the list
   */
  private record Field(String name, int slot, int from, int length) {
    static final int VALUES = -1;

    /** What holds the list, and other columns. */
    float[] column(OptimizerState state) {
      return slot == VALUES ? state.values() : state.slots()[slot];
    }
  }

  private MessageType schema() {
    StringBuilder schema = new StringBuilder("message id_embeddings {");
    schema.append(" required int64 id_key; required int64 last_step;");
    schema.append(" required int32 references; required int32 updates;");
    for (Field field : fields) {
      schema
          .append(" required group ")
          .append(field.name())
          .append(" (LIST) { repeated group list { required float element; } }");
    }
    return MessageTypeParser.parseMessageType(schema.append(" }").toString());
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
      Field field = fields.get(f);
      float[] values = row.state().map(field::column).orElse(CANDIDATE);
      int length = row.state().isPresent() ? field.length() : 0;
      RowFields.floats(out, field.name(), f + FIRST_LIST, values, field.from(), length);
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
    OptimizerState state = optimizers.startingAt(new float[optimizers.columns().width()]);
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
    if (row.getGroup(fields.get(0).name(), 0).getFieldRepetitionCount(0) == 0) {
      visitor.candidate(key, history);
      return;
    }
    for (Field field : fields) {
      fill(row, field, field.column(state));
    }
    visitor.row(key, history, state);
  }

  private void fill(Group row, Field field, float[] target) {
    Group list = row.getGroup(field.name(), 0);
    int length = list.getFieldRepetitionCount(0);
    if (length != field.length()) {
      throw new DicmException(
          ErrorCode.STORE_CORRUPT,
          "Cannot restore from "
              + file
              + ": a row has "
              + length
              + " values in "
              + field.name()
              + ", needed "
              + field.length()
              + ".");
    }
    for (int i = 0; i < length; i++) {
      target[field.from() + i] = list.getGroup(0, i).getFloat(0, 0);
    }
  }
}
