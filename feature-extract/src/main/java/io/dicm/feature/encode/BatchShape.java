package io.dicm.feature.encode;

import io.dicm.feature.decode.Preprocessing;

/**
 * The batches that a network takes and gives.
 *
 * @param batchSize pictures of a batch
 * @param preprocessing says what a picture is
 * @param dimension length of a vector
 */
record BatchShape(int batchSize, Preprocessing preprocessing, int dimension) {
  private static final int CHANNELS = 3;

  BatchShape {
    // A Java buffer over them finds bytes by an int.
    Math.multiplyExact(
        Math.multiplyExact(Float.BYTES, batchSize), Math.max(preprocessing.floats(), dimension));
  }

  /** [batch, 3, height, width]. */
  long[] pictures() {
    return new long[] {batchSize, CHANNELS, preprocessing.height(), preprocessing.width()};
  }

  /** Values of one picture. */
  int floats() {
    return preprocessing.floats();
  }
}
