package io.dicm.ams.embedding;

import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * All IDs of an {@link EmbeddingTable} at one moment, without those that had expired. Immutable and
 * safe for use by many threads, until it is released.
 */
public final class EmbeddingSnapshot {
  private final int dimension;
  private final Optimizer optimizer;
  private final RowView rows;
  private final RowView candidates;
  private final AtomicBoolean released = new AtomicBoolean();

  EmbeddingSnapshot(int dimension, Optimizer optimizer, RowView rows, RowView candidates) {
    this.dimension = dimension;
    this.optimizer = optimizer;
    this.rows = rows;
    this.candidates = candidates;
  }

  /** Length of each embedding. */
  public int dimension() {
    return dimension;
  }

  /**
   * Lets the table change the rows in place again and frees what it no longer has, when nobody
   * reads them any more. May be called again, by any thread.
   */
  public void release() {
    if (released.compareAndSet(false, true)) {
      rows.release();
      candidates.release();
    }
  }

  /** Visits every trained embedding, then every candidate. */
  public <E extends Exception> void forEach(EmbeddingVisitor<E> visitor) throws E {
    OptimizerState state = OptimizerState.startingAt(new float[dimension], optimizer);
    rows.forEach(
        (chunk, place) -> {
          chunk.read(place, state);
          visitor.row(chunk.key(place), chunk.history(place), state);
        });
    candidates.forEach((chunk, place) -> visitor.candidate(chunk.key(place), chunk.history(place)));
  }
}
