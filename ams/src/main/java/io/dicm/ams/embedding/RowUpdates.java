package io.dicm.ams.embedding;

import io.dicm.ams.optimizer.OptimizerState;

/**
 * Updates rows some at a time, side by side: a row is too short for the processor's vector units.
 * Chunks must be writable, and each row be added once. For one thread.
 */
final class RowUpdates {
  /** So many stay in the processor's cache. */
  private static final int ROWS_AT_A_TIME = 32;

  private final ByColumns optimizers;
  private final int width;
  private final float l2;
  private final float embeddingRate;
  private final float weightRate;
  private final OptimizerState state;
  private final float[] gradients;

  /** The rows' gradients side by side. */
  private final float[] ofRows;

  private final int[] offsets = new int[ROWS_AT_A_TIME];
  private final long[] counts = new long[ROWS_AT_A_TIME];
  private final EmbeddingChunk[] chunks = new EmbeddingChunk[ROWS_AT_A_TIME];
  private final int[] places = new int[ROWS_AT_A_TIME];
  private int size;

  /**
   * @param gradients of the rows
   * @param l2 strength of the embeddings' regularisation; see {@link EmbeddingTable}
   * @param embeddingRate learning rate of the embeddings
   * @param weightRate learning rate of the weights
   */
  RowUpdates(
      ByColumns optimizers, float[] gradients, float l2, float embeddingRate, float weightRate) {
    this.optimizers = optimizers;
    this.gradients = gradients;
    this.width = optimizers.columns().width();
    this.l2 = l2;
    this.embeddingRate = embeddingRate;
    this.weightRate = weightRate;
    this.state =
        new OptimizerState(
            new float[ROWS_AT_A_TIME * width],
            new float[optimizers.slots()][ROWS_AT_A_TIME * width]);
    this.ofRows = new float[ROWS_AT_A_TIME * width];
  }

  /**
   * Adds a row, which is updated now or later. Its count is read at once and its values later: so
   * the memory is asked for several rows at a time.
   *
   * @param offset where its gradient begins
   */
  void add(EmbeddingChunk chunk, int place, int offset) {
    if (size == ROWS_AT_A_TIME) {
      finish();
    }
    counts[size] = chunk.updates(place) + 1L;
    chunks[size] = chunk;
    places[size] = place;
    offsets[size] = offset;
    size++;
  }

  /** Updates the rows that are left. */
  void finish() {
    for (int row = 0; row < size; row++) {
      chunks[row].read(places[row], state, row * width);
      System.arraycopy(gradients, offsets[row], ofRows, row * width, width);
    }
    addL2();
    optimizers.update(state, size, ofRows, counts, embeddingRate, weightRate);
    for (int row = 0; row < size; row++) {
      chunks[row].write(places[row], state, row * width);
      chunks[row].setUpdates(places[row], (int) counts[row]);
    }
    size = 0;
  }

  private void addL2() {
    if (l2 == 0) {
      return;
    }
    for (int row = 0; row < size; row++) {
      for (int i = row * width; i < row * width + optimizers.columns().embedding(); i++) {
        ofRows[i] += l2 / (float) counts[row] * state.values()[i];
      }
    }
  }
}
