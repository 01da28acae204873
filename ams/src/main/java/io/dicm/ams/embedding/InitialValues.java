package io.dicm.ams.embedding;

import io.dicm.ams.table.KeyedRandom;
import java.util.Arrays;

/**
 * The values that new rows have: an embedding's uniform in [-{@value #BOUND}, {@value #BOUND}) from
 * the seed and the key alone, for weights 0. Those of the embedding do not depend on how many
 * weights there are.
 *
 * @param seed of all rows
 * @param columns of a row
 */
public record InitialValues(long seed, RowColumns columns) {
  /** Bound of an embedding's values. */
  public static final float BOUND = 0.05f;

  /** Of rows that are an embedding of so many floats alone. */
  public static InitialValues ofEmbeddings(long seed, int dimension) {
    return new InitialValues(seed, RowColumns.embeddingAlone(dimension));
  }

  /** Writes those of a key's row to {@code target[offset...]}. */
  public void fill(long key, float[] target, int offset) {
    KeyedRandom random = new KeyedRandom(seed, key);
    int weights = offset + columns.embedding();
    for (int i = offset; i < weights; i++) {
      target[i] = random.nextUniform(BOUND);
    }
    Arrays.fill(target, weights, weights + columns.weights(), 0);
  }
}
