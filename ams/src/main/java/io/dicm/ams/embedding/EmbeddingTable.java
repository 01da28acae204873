package io.dicm.ams.embedding;

import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.table.KeyIndex;
import io.dicm.ams.table.KeyedRandom;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The ID embeddings of the buckets that one server owns. A row is made when its key is first asked
 * for, with values uniform in [-{@value #INITIAL_BOUND}, {@value #INITIAL_BOUND}) from the seed and
 * the key alone. The optimiser works row by row on the rows that a step touched and counts each
 * row's own updates. So neither the number of servers nor the order of requests changes a value.
 *
 * <p>Rows lie in chunks that never move: growing adds a chunk. A {@link #snapshot} shares the
 * chunks; one of them is copied when it changes afterwards. Not safe for use by many threads.
 */
public final class EmbeddingTable {
  /** Bound of the initial values. */
  public static final float INITIAL_BOUND = 0.05f;

  private static final int ROWS_PER_CHUNK = 1 << 12;

  private final int dimension;
  private final long seed;
  private final Optimizer optimizer;
  private final float l2;
  private final KeyIndex index = new KeyIndex(ROWS_PER_CHUNK);
  private final List<EmbeddingChunk> chunks = new ArrayList<>();

  /**
   * @param dimension length of each embedding
   * @param seed of the initial values
   * @param l2 strength of the mini-batch aware L2 of DIN (arXiv 1706.06978, equation 6), 0: none. A
   *     row that a step touches gets the gradient l2 / n * value besides; n, the row's occurrences
   *     there, is the number of steps that have touched it
   */
  public EmbeddingTable(int dimension, long seed, Optimizer optimizer, float l2) {
    this.dimension = dimension;
    this.seed = seed;
    this.optimizer = optimizer;
    this.l2 = l2;
  }

  /** Takes one row. */
  @FunctionalInterface
  public interface RowVisitor<E extends Exception> {
    /**
     * @param values holds the embedding at {@code offset}; valid only during the call
     */
    void visit(long key, float[] values, int offset) throws E;
  }

  /** Writes the values that a new row of this key has to {@code target[offset...]}. */
  public static void fillInitial(long seed, long key, float[] target, int offset, int dimension) {
    KeyedRandom random = new KeyedRandom(seed, key);
    for (int i = 0; i < dimension; i++) {
      target[offset + i] = random.nextUniform(INITIAL_BOUND);
    }
  }

  /** Length of each embedding. */
  public int dimension() {
    return dimension;
  }

  /** The number of rows. */
  public int rows() {
    return index.size();
  }

  /** The row numbers of these keys, none of them 0; makes the rows that are not there yet. */
  public int[] rowsOf(long[] keys) {
    return Arrays.stream(keys).mapToInt(this::rowOf).toArray();
  }

  /** Copies rows: [rows, dimension]. */
  public float[] values(int[] rows) {
    float[] out = new float[Math.multiplyExact(rows.length, dimension)];
    for (int i = 0; i < rows.length; i++) {
      float[] from = chunkOf(rows[i]).state().values();
      System.arraycopy(from, offsetOf(rows[i]), out, i * dimension, dimension);
    }
    return out;
  }

  /**
   * Makes one step on each of these rows.
   *
   * @param rows row numbers, each once
   * @param gradients [rows, dimension]; with L2 its gradient is added in place
   */
  public void update(int[] rows, float[] gradients, float learningRate) {
    for (int i = 0; i < rows.length; i++) {
      EmbeddingChunk chunk = writableChunkOf(rows[i]);
      int count = ++chunk.updates()[rows[i] % ROWS_PER_CHUNK];
      OptimizerState state = chunk.state();
      int offset = offsetOf(rows[i]);
      int gradient = i * dimension;
      addL2(state.values(), offset, gradients, gradient, count);
      optimizer.update(state, offset, dimension, gradients, gradient, count, learningRate);
    }
  }

  private void addL2(float[] values, int offset, float[] gradients, int gradient, int count) {
    if (l2 > 0) {
      for (int i = 0; i < dimension; i++) {
        gradients[gradient + i] += l2 / count * values[offset + i];
      }
    }
  }

  /** Visits every row, in the order in which they were made. */
  public <E extends Exception> void forEach(RowVisitor<E> visitor) throws E {
    for (int row = 0; row < rows(); row++) {
      EmbeddingChunk chunk = chunkOf(row);
      visitor.visit(chunk.keys()[row % ROWS_PER_CHUNK], chunk.state().values(), offsetOf(row));
    }
  }

  /**
   * All rows as they are now. No row is copied yet: until the snapshot is released, a chunk of rows
   * is copied before it changes for the first time, in the worst case all of them.
   */
  public EmbeddingSnapshot snapshot() {
    chunks.forEach(EmbeddingChunk::freeze);
    return new EmbeddingSnapshot(dimension, ROWS_PER_CHUNK, rows(), List.copyOf(chunks));
  }

  /**
   * Adds a row as a snapshot had it.
   *
   * @param updates the updates that it has had
   * @param state its values and slots, [dimension] each
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when the key has a row already
   */
  public void restore(long key, int updates, OptimizerState state) {
    if (index.rowOf(key) != KeyIndex.ABSENT) {
      throw new DicmException(
          ErrorCode.STORE_CORRUPT,
          "Cannot restore the ID embeddings: key " + key + " is there twice.");
    }
    int row = newRow(key);
    EmbeddingChunk chunk = writableChunkOf(row);
    chunk.updates()[row % ROWS_PER_CHUNK] = updates;
    chunk.state().copyFrom(state, offsetOf(row), dimension);
  }

  private int rowOf(long key) {
    if (key == Fingerprints.NONE) {
      throw new IllegalArgumentException("Key 0 means none and has no embedding");
    }
    int row = index.rowOf(key);
    return row == KeyIndex.ABSENT ? newRow(key) : row;
  }

  private int newRow(long key) {
    int row = index.add(key);
    if (row == chunks.size() * ROWS_PER_CHUNK) {
      chunks.add(EmbeddingChunk.empty(ROWS_PER_CHUNK, dimension, optimizer));
    }
    EmbeddingChunk chunk = writableChunkOf(row);
    chunk.keys()[row % ROWS_PER_CHUNK] = key;
    fillInitial(seed, key, chunk.state().values(), offsetOf(row), dimension);
    return row;
  }

  private EmbeddingChunk chunkOf(int row) {
    return chunks.get(row / ROWS_PER_CHUNK);
  }

  private EmbeddingChunk writableChunkOf(int row) {
    int number = row / ROWS_PER_CHUNK;
    EmbeddingChunk chunk = chunks.get(number);
    if (chunk.isFrozen()) {
      chunk = chunk.copy();
      chunks.set(number, chunk);
    }
    return chunk;
  }

  private int offsetOf(int row) {
    return row % ROWS_PER_CHUNK * dimension;
  }
}
