package io.dicm.ams.embedding;

import io.dicm.ams.optimizer.OptimizerState;
import java.util.List;

/**
 * All rows of an {@link EmbeddingTable} at one moment. Immutable and safe for use by many threads,
 * until it is released.
 */
public final class EmbeddingSnapshot {
  private final int dimension;
  private final int rowsPerChunk;
  private final int rows;
  private final List<EmbeddingChunk> chunks;

  EmbeddingSnapshot(int dimension, int rowsPerChunk, int rows, List<EmbeddingChunk> chunks) {
    this.dimension = dimension;
    this.rowsPerChunk = rowsPerChunk;
    this.rows = rows;
    this.chunks = chunks;
  }

  /** Takes one row. */
  @FunctionalInterface
  public interface RowVisitor<E extends Exception> {
    /**
     * @param updates the updates that the row has had
     * @param state holds the row's values and slots at {@code offset}; not to be changed
     */
    void visit(long key, int updates, OptimizerState state, int offset) throws E;
  }

  /** Length of each embedding. */
  public int dimension() {
    return dimension;
  }

  /** The number of rows. */
  public int rows() {
    return rows;
  }

  /** Lets the table change the rows in place again; once, when nobody reads them any more. */
  public void release() {
    chunks.forEach(EmbeddingChunk::release);
  }

  /** Visits every row, in the order in which they were made. */
  public <E extends Exception> void forEach(RowVisitor<E> visitor) throws E {
    for (int row = 0; row < rows; row++) {
      EmbeddingChunk chunk = chunks.get(row / rowsPerChunk);
      int place = row % rowsPerChunk;
      visitor.visit(chunk.keys()[place], chunk.updates()[place], chunk.state(), place * dimension);
    }
  }
}
