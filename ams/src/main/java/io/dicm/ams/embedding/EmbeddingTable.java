package io.dicm.ams.embedding;

import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.table.NativeKeyTable;
import io.dicm.common.error.DicmException;

/**
 * The ID embeddings, and weights of IDs, of the buckets that one server owns, outside the Java
 * heap: a row of {@link RowColumns} for each ID. An ID is a candidate until it was asked for in as
 * many steps as {@link EmbeddingOptions#admissionCount} says; only counts are kept of it then, it
 * answers its initial values and its gradients are dropped. After that it has a row that is
 * trained. Initial values come from the seed and the key alone ({@link InitialValues}). The
 * optimisers work row by row on the rows that a step touched; a row counts its own updates. So
 * neither the number of servers nor the order of requests changes a value.
 *
 * <p>An ID that was not asked for in {@link EmbeddingOptions#expirySteps} steps is forgotten; asked
 * for again, it begins anew. Whether it has expired depends on its own last step and the current
 * one alone, unless the floor is reached ({@link ExpiryHorizon}). Its memory is set free a little
 * later: each step looks through a part of the rows.
 *
 * <p>Rows lie in chunks that never move: growing adds a chunk. A {@link #snapshot} shares the
 * chunks; one of them is copied when it changes afterwards. Not safe for use by many threads.
 */
public final class EmbeddingTable implements AutoCloseable {
  /** Fewer rows are not worth a thread. */
  private static final int LEAST_ROWS = 4096;

  private final int width;
  private final ByColumns optimizers;
  private final InitialValues initial;
  private final float l2;
  private final MemoryBudget budget;
  private final ComputeCrew crew;
  private final RowStore rows;
  private final KnownIds ids;

  /** An empty table of embeddings without weights; for the rest as the other constructor. */
  public EmbeddingTable(
      int dimension,
      long seed,
      Optimizer optimizer,
      float l2,
      EmbeddingOptions options,
      MemoryBudget budget) {
    this(ByColumns.embeddingAlone(dimension, optimizer), seed, l2, options, budget);
  }

  /**
   * An empty table.
   *
   * @param optimizers of the rows, whose columns they say
   * @param seed of the initial values
   * @param l2 strength of the mini-batch aware L2 of DIN (arXiv 1706.06978, equation 6), 0: none.
   *     An embedding that a step touches gets the gradient l2 / n * value besides; n, the row's
   *     occurrences there, is the number of steps that have trained it. Weights have none
   * @param options its floor is this table's own
   * @param budget that all memory is taken from
   */
  public EmbeddingTable(
      ByColumns optimizers, long seed, float l2, EmbeddingOptions options, MemoryBudget budget) {
    this(optimizers, seed, l2, options, budget, ComputeCrew.alone());
  }

  /**
   * An empty table; parameters as of the other constructor.
   *
   * @param crew finds, reads and updates rows; not closed here
   */
  public EmbeddingTable(
      ByColumns optimizers,
      long seed,
      float l2,
      EmbeddingOptions options,
      MemoryBudget budget,
      ComputeCrew crew) {
    this.optimizers = optimizers;
    this.width = optimizers.columns().width();
    this.initial = new InitialValues(seed, optimizers.columns());
    this.l2 = l2;
    this.budget = budget;
    this.crew = crew;
    this.rows = new RowStore(layout(optimizers), budget);
    this.ids =
        new KnownIds(rows, initial, optimizers.startingAt(new float[width]), options, budget, crew);
  }

  private static RowLayout layout(ByColumns optimizers) {
    return new RowLayout(optimizers.columns().width(), optimizers.slots());
  }

  /** Takes one trained row. */
  @FunctionalInterface
  public interface RowVisitor<E extends Exception> {
    /**
     * @param values [row width]; valid only during the call
     */
    void visit(long key, float[] values) throws E;
  }

  /**
   * Bytes that a table of this many trained rows takes at most, with what finds them and the
   * optimisers' slots.
   */
  public static long bytesFor(long ids, ByColumns optimizers) {
    RowLayout layout = layout(optimizers);
    long chunks = (ids + layout.rowsPerChunk() - 1) / layout.rowsPerChunk();
    return chunks * layout.rowsPerChunk() * layout.rowBytes() + NativeKeyTable.bytesFor(ids);
  }

  /** What a row is. */
  public RowColumns columns() {
    return optimizers.columns();
  }

  /** What the table holds and has done. */
  public EmbeddingStatistics statistics() {
    return ids.statistics(budget.takenBytes());
  }

  /**
   * The numbers by which {@link #values} and {@link #update} know these keys, none of them 0, in
   * this step; counts the step for each key that is asked for in it for the first time. A key's
   * number is the same in all calls of a step. It stays valid until the step's update, though later
   * steps may have begun meanwhile; a candidate's values must be read before they do.
   *
   * @param step that asks; not a step that {@link EmbeddingOptions#LEAST_EXPIRY_STEPS} steps follow
   * @param keys each once, as a request has them
   * @throws DicmException {@code MEMORY_PLAN_TOO_LARGE} when the memory is used up
   */
  public int[] rowsOf(long step, long[] keys) {
    return ids.find(step, keys);
  }

  /** Copies values: [numbers, row width]. */
  public float[] values(int[] numbers) {
    float[] out = new float[Math.multiplyExact(numbers.length, width)];
    crew.run(
        crew.pieces(
            numbers.length,
            LEAST_ROWS,
            (from, count) -> {
              for (int i = (int) from; i < from + count; i++) {
                readValues(numbers[i], out, i * width);
              }
            }));
    return out;
  }

  private void readValues(int number, float[] out, int offset) {
    if (KnownIds.isCandidate(number)) {
      initial.fill(ids.keyOfCandidate(number), out, offset);
    } else {
      rows.chunkOf(number).readValues(rows.placeOf(number), out, offset);
    }
  }

  /** Makes one step with the same learning rate for all columns. */
  public void update(int[] numbers, float[] gradients, float learningRate) {
    update(numbers, gradients, learningRate, learningRate);
  }

  /**
   * Makes one step on each of these rows; what is a candidate stays as it is.
   *
   * @param numbers each once
   * @param gradients [numbers, row width], or longer
   * @param embeddingRate learning rate of the embeddings
   * @param weightRate learning rate of the weights
   */
  public void update(int[] numbers, float[] gradients, float embeddingRate, float weightRate) {
    if (rows.isShared()) {
      for (int number : numbers) {
        if (!KnownIds.isCandidate(number)) {
          // Here and not by the crew: a chunk that a snapshot shares is copied once.
          rows.writableChunkOf(number);
        }
      }
    }
    crew.run(
        crew.pieces(
            numbers.length,
            LEAST_ROWS,
            (from, count) -> {
              RowUpdates updates =
                  new RowUpdates(optimizers, gradients, l2, embeddingRate, weightRate);
              for (int i = (int) from; i < from + count; i++) {
                if (!KnownIds.isCandidate(numbers[i])) {
                  updates.add(rows.chunkOf(numbers[i]), rows.placeOf(numbers[i]), i * width);
                }
              }
              updates.finish();
            }));
  }

  /**
   * Says that a step is over: IDs may expire, and some of those that have are removed.
   *
   * @param steps finished
   */
  public void stepFinished(long steps) {
    ids.stepFinished(steps);
  }

  /** Visits every trained row that has not expired. */
  public <E extends Exception> void forEach(RowVisitor<E> visitor) throws E {
    float[] values = new float[width];
    ids.liveRows()
        .forEach(
            (chunk, place) -> {
              chunk.readValues(place, values, 0);
              visitor.visit(chunk.key(place), values);
            });
  }

  /**
   * All IDs as they are now, without those that have expired. No row is copied yet: until the
   * snapshot is released, a chunk of rows is copied before it changes for the first time, in the
   * worst case all of them.
   */
  public EmbeddingSnapshot snapshot() {
    return new EmbeddingSnapshot(optimizers, ids.rowSnapshot(), ids.candidateSnapshot());
  }

  /**
   * Adds a trained row as a snapshot had it.
   *
   * @param state its values and slots, [row width] each
   * @throws DicmException {@code STORE_CORRUPT} when the key is there already
   */
  public void restoreRow(long key, IdHistory history, OptimizerState state) {
    ids.restoreRow(key, history, state);
  }

  /**
   * Adds a candidate as a snapshot had it.
   *
   * @throws DicmException {@code STORE_CORRUPT} when the key is there already
   */
  public void restoreCandidate(long key, IdHistory history) {
    ids.restoreCandidate(key, history);
  }

  /**
   * Says that everything has been restored.
   *
   * @param steps finished before
   */
  public void restored(long steps) {
    ids.restored(steps);
  }

  /** Frees all memory but what snapshots still share. May be called again. */
  @Override
  public void close() {
    ids.close();
    rows.close();
  }
}
