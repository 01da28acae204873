package io.dicm.ams.embedding;

import io.dicm.ams.optimizer.OptimizerState;

/**
 * Takes the IDs of a table one by one.
 *
 * @param <E> what it may throw
 */
public interface EmbeddingVisitor<E extends Exception> {
  /**
   * Takes a trained row.
   *
   * @param state its values and slots, [row width] each; valid only during the call
   */
  void row(long key, IdHistory history, OptimizerState state) throws E;

  /** Takes an ID that was not asked for often enough yet. */
  void candidate(long key, IdHistory history) throws E;
}
