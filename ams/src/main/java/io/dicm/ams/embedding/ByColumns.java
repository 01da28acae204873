package io.dicm.ams.embedding;

import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import java.util.Arrays;

/**
 * How rows of IDs are updated: one optimiser for the embedding, another for the weights. Each uses
 * the first of a row's slots; a row has as many as the one with more of them, and what only the
 * other one uses stays 0. Immutable and safe for use by many threads.
 *
 * @param columns of a row
 * @param embedding optimiser of the embedding; of no use where rows have none
 * @param weights optimiser of the weights; of no use where rows have none
 */
public record ByColumns(RowColumns columns, Optimizer embedding, Optimizer weights) {
  /** For rows that are an embedding of so many floats alone. */
  public static ByColumns embeddingAlone(int dimension, Optimizer optimizer) {
    return new ByColumns(RowColumns.embeddingAlone(dimension), optimizer, optimizer);
  }

  /** Numbers that are kept beside each value of a row. */
  public int slots() {
    return Math.max(
        columns.embedding() == 0 ? 0 : embedding.slots().size(),
        columns.weights() == 0 ? 0 : weights.slots().size());
  }

  /**
   * The state of a row before its first update.
   *
   * @param values [width], used in place
   */
  public OptimizerState startingAt(float[] values) {
    float[][] slots = new float[slots()][columns.width()];
    if (columns.embedding() > 0) {
      fill(slots, embedding, 0, columns.embedding());
    }
    if (columns.weights() > 0) {
      fill(slots, weights, columns.embedding(), columns.width());
    }
    return new OptimizerState(values, slots);
  }

  private static void fill(float[][] slots, Optimizer optimizer, int from, int to) {
    for (int slot = 0; slot < optimizer.slots().size(); slot++) {
      Arrays.fill(slots[slot], from, to, optimizer.initial(slot));
    }
  }

  /**
   * Makes one update of each of some rows.
   *
   * @param state the rows side by side, [at least rows, width]
   * @param gradients likewise
   * @param counts how many updates each row has had, this one included; from 1
   * @param embeddingRate learning rate of the embeddings
   * @param weightRate learning rate of the weights
   */
  void update(
      OptimizerState state,
      int rows,
      float[] gradients,
      long[] counts,
      float embeddingRate,
      float weightRate) {
    if (columns.weights() == 0) {
      embedding.updateRows(state, rows, columns.width(), gradients, counts, embeddingRate);
      return;
    }
    for (int row = 0; row < rows; row++) {
      int at = row * columns.width();
      int weightsAt = at + columns.embedding();
      if (columns.embedding() > 0) {
        embedding.update(state, at, columns.embedding(), gradients, at, counts[row], embeddingRate);
      }
      weights.update(
          state, weightsAt, columns.weights(), gradients, weightsAt, counts[row], weightRate);
    }
  }
}
