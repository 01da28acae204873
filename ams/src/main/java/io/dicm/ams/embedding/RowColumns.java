package io.dicm.ams.embedding;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * What an ID's row is: an embedding, then weights, which are what the ID counts in a network's
 * linear part. An embedding begins with values of seed and key, a weight with 0.
 *
 * @param embedding floats of the embedding; 0 where there are weights alone
 * @param weights that follow it; 0 where there is an embedding alone
 */
public record RowColumns(int embedding, int weights) {
  public RowColumns {
    if (embedding < 0 || weights < 0 || embedding + weights < 1) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot set up the ID embeddings: an ID's row had %d embedding values and %d weights, allowed >= 0 of each and >= 1 together."
              .formatted(embedding, weights));
    }
  }

  /** Rows that are an embedding of so many floats alone. */
  public static RowColumns embeddingAlone(int dimension) {
    return new RowColumns(dimension, 0);
  }

  /** Floats of a row. */
  public int width() {
    return embedding + weights;
  }
}
