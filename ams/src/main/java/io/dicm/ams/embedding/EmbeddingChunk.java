package io.dicm.ams.embedding;

import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Some rows of an {@link EmbeddingTable}: row i has the key {@code keys[i]} and has had {@code
 * updates[i]} updates. While it is frozen, by as many as have not released it, it must not be
 * changed and any thread may read it.
 */
final class EmbeddingChunk {
  private final long[] keys;
  private final int[] updates;
  private final OptimizerState state;
  private final AtomicInteger readers = new AtomicInteger();

  private EmbeddingChunk(long[] keys, int[] updates, OptimizerState state) {
    this.keys = keys;
    this.updates = updates;
    this.state = state;
  }

  static EmbeddingChunk empty(int rows, int dimension, Optimizer optimizer) {
    return new EmbeddingChunk(
        new long[rows],
        new int[rows],
        OptimizerState.startingAt(new float[rows * dimension], optimizer));
  }

  /** The same rows, to be changed. */
  EmbeddingChunk copy() {
    return new EmbeddingChunk(keys.clone(), updates.clone(), state.copy());
  }

  void freeze() {
    readers.incrementAndGet();
  }

  void release() {
    readers.decrementAndGet();
  }

  boolean isFrozen() {
    return readers.get() > 0;
  }

  long[] keys() {
    return keys;
  }

  int[] updates() {
    return updates;
  }

  OptimizerState state() {
    return state;
  }
}
