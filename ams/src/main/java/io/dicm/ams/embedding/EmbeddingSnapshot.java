package io.dicm.ams.embedding;

import io.dicm.ams.optimizer.OptimizerState;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * All IDs of an {@link EmbeddingTable} at one moment, without those that had expired. Immutable and
 * safe for use by many threads, until it is released.
 */
public final class EmbeddingSnapshot {
  private final ByColumns optimizers;
  private final RowView rows;
  private final RowView candidates;
  private final AtomicBoolean released = new AtomicBoolean();

  EmbeddingSnapshot(ByColumns optimizers, RowView rows, RowView candidates) {
    this.optimizers = optimizers;
    this.rows = rows;
    this.candidates = candidates;
  }

  /** What the rows were trained with, and what they are. */
  public ByColumns optimizers() {
    return optimizers;
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

  /** Visits every trained row, then every candidate. */
  public <E extends Exception> void forEach(EmbeddingVisitor<E> visitor) throws E {
    OptimizerState state = optimizers.startingAt(new float[optimizers.columns().width()]);
    rows.forEach(
        (chunk, place) -> {
          chunk.read(place, state, 0);
          visitor.row(chunk.key(place), chunk.history(place), state);
        });
    candidates.forEach((chunk, place) -> visitor.candidate(chunk.key(place), chunk.history(place)));
  }
}
