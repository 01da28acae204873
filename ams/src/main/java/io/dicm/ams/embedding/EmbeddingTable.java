package io.dicm.ams.embedding;

import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.table.KeyedRandom;
import io.dicm.ams.table.NativeKeyTable;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import java.util.Arrays;

/**
 * The ID embeddings, and weights of IDs, of the buckets that one server owns, outside the Java
 * heap: a row of {@link RowColumns} for each ID. An ID is a candidate until it was asked for in as
 * many steps as {@link EmbeddingOptions#admissionCount} says; only counts are kept of it then, it
 * answers its initial values and its gradients are dropped. After that it has a row that is
 * trained. Initial values are uniform in [-{@value #INITIAL_BOUND}, {@value #INITIAL_BOUND}) from
 * the seed and the key alone, for weights 0. The optimisers work row by row on the rows that a step
 * touched; a row counts its own updates. So neither the number of servers nor the order of requests
 * changes a value.
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
  /** Bound of the initial values. */
  public static final float INITIAL_BOUND = 0.05f;

  /** Marks the number of a candidate, among those of rows. */
  private static final int CANDIDATE = RowStore.MOST_ROWS;

  /** Fewer rows are not worth a thread. */
  private static final int LEAST_ROWS = 4096;

  /** So few keys that what was found of them is still in the processor's cache. */
  private static final int KEYS_AT_A_TIME = 256;

  private final RowColumns columns;
  private final int width;
  private final long seed;
  private final ByColumns optimizers;
  private final float l2;
  private final EmbeddingOptions options;
  private final MemoryBudget budget;
  private final ComputeCrew crew;
  private final NativeKeyTable index;
  private final RowStore rows;
  private final RowStore candidates;
  private final ExpiryHorizon horizon;
  private final ExpirySweep rowSweep;
  private final ExpirySweep candidateSweep;
  private final OptimizerState newRow;
  private long finishedSteps;
  private long begun;
  private long admitted;
  private long expired;

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
    this.crew = crew;
    this.columns = optimizers.columns();
    this.width = columns.width();
    this.seed = seed;
    this.optimizers = optimizers;
    this.l2 = l2;
    this.options = options;
    this.budget = budget;
    this.index = new NativeKeyTable(budget);
    this.rows = new RowStore(layout(optimizers), budget);
    this.candidates = new RowStore(RowLayout.headsAlone(), budget);
    this.horizon = new ExpiryHorizon(options);
    this.rowSweep = new ExpirySweep(rows, options.expirySteps());
    this.candidateSweep = new ExpirySweep(candidates, options.expirySteps());
    this.newRow = optimizers.startingAt(new float[width]);
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
   * Writes the values that a new row of this key has to {@code target[offset...]}. Those of the
   * embedding do not depend on how many weights there are.
   */
  public static void fillInitial(
      long seed, long key, float[] target, int offset, RowColumns columns) {
    fillInitial(seed, key, target, offset, columns.embedding());
    int weights = offset + columns.embedding();
    Arrays.fill(target, weights, weights + columns.weights(), 0);
  }

  /** The same for rows that are an embedding of so many floats alone. */
  public static void fillInitial(long seed, long key, float[] target, int offset, int dimension) {
    KeyedRandom random = new KeyedRandom(seed, key);
    for (int i = 0; i < dimension; i++) {
      target[offset + i] = random.nextUniform(INITIAL_BOUND);
    }
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
    return columns;
  }

  /** What the table holds and has done. */
  public EmbeddingStatistics statistics() {
    return new EmbeddingStatistics(
        rows.used(), candidates.used(), begun, admitted, expired, budget.takenBytes());
  }

  /**
   * The numbers by which {@link #values} and {@link #update} know these keys, none of them 0, in
   * this step; counts the step for each key that is asked for in it for the first time. A key's
   * number is the same in all calls of a step. It stays valid until the step's update, though later
   * steps may have begun meanwhile; a candidate's values must be read before they do.
   *
   * @param step that asks; not a step that {@link EmbeddingOptions#LEAST_EXPIRY_STEPS} steps follow
   * @param keys each once, as a request has them
   * @throws DicmException {@link ErrorCode#MEMORY_PLAN_TOO_LARGE} when the memory is used up
   */
  public int[] rowsOf(long step, long[] keys) {
    int[] numbers = new int[keys.length];
    long[] lastSteps = horizon.countsRows() ? new long[keys.length] : null;
    long oldest = horizon.ofRows(step);
    // Finding waits for memory; so does noting the step in a row that is there and stays.
    crew.run(
        crew.pieces(
            keys.length,
            LEAST_ROWS,
            (from, count) -> {
              for (int begin = (int) from; begin < from + count; begin += KEYS_AT_A_TIME) {
                int end = (int) Math.min(from + count, begin + (long) KEYS_AT_A_TIME);
                for (int i = begin; i < end; i++) {
                  numbers[i] = index.valueOf(keys[i]);
                }
                for (int i = begin; i < end; i++) {
                  numbers[i] = ask(step, oldest, numbers[i], i, lastSteps);
                }
              }
            }));
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] < 0) {
        numbers[i] = numberOf(step, keys[i], found(numbers[i]));
      } else if (lastSteps != null && lastSteps[i] < step) {
        horizon.moved(lastSteps[i], step);
      }
    }
    return numbers;
  }

  /**
   * Asks for a key as {@link #numberOf} does, where nothing but its own row changes.
   *
   * @param oldest a row last asked for before it has expired
   * @param found the key's number, or {@link NativeKeyTable#ABSENT}
   * @param lastSteps gets the row's last step at {@code place}, if there are any
   * @return its number, or {@link #postponed} where more changes
   */
  private int ask(long step, long oldest, int found, int place, long[] lastSteps) {
    if (found == NativeKeyTable.ABSENT || isCandidate(found)) {
      return postponed(found);
    }
    EmbeddingChunk chunk = rows.chunkOf(found);
    int row = rows.placeOf(found);
    long lastStep = chunk.lastStep(row);
    if (lastStep < step) {
      if (lastStep < oldest || chunk.isFrozen()) {
        return postponed(found);
      }
      chunk.setAsked(row, step, chunk.references(row) + 1);
    }
    if (lastSteps != null) {
      lastSteps[place] = lastStep;
    }
    return found;
  }

  /** A number found, or {@link NativeKeyTable#ABSENT}, as one below 0. */
  private static int postponed(int found) {
    return found | Integer.MIN_VALUE;
  }

  private static int found(int postponed) {
    return postponed == NativeKeyTable.ABSENT
        ? NativeKeyTable.ABSENT
        : postponed & ~Integer.MIN_VALUE;
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
    if (isCandidate(number)) {
      int candidate = rowOfCandidate(number);
      long key = candidates.chunkOf(candidate).key(candidates.placeOf(candidate));
      fillInitial(seed, key, out, offset, columns);
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
        if (!isCandidate(number)) {
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
                if (!isCandidate(numbers[i])) {
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
    finishedSteps = steps;
    horizon.stepFinished();
    if (options.expirySteps() > 0) {
      rowSweep.run(horizon.ofRows(steps), this::removeRow);
      candidateSweep.run(horizon.ofCandidates(steps), this::removeCandidate);
    }
  }

  /** Visits every trained row that has not expired. */
  public <E extends Exception> void forEach(RowVisitor<E> visitor) throws E {
    float[] values = new float[width];
    rows.view(horizon.ofRows(finishedSteps))
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
    return new EmbeddingSnapshot(
        optimizers,
        rows.snapshot(horizon.ofRows(finishedSteps)),
        candidates.snapshot(horizon.ofCandidates(finishedSteps)));
  }

  /**
   * Adds a trained row as a snapshot had it.
   *
   * @param state its values and slots, [row width] each
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when the key is there already
   */
  public void restoreRow(long key, IdHistory history, OptimizerState state) {
    requireAbsent(key);
    addRow(key, history, state);
  }

  /**
   * Adds a candidate as a snapshot had it.
   *
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when the key is there already
   */
  public void restoreCandidate(long key, IdHistory history) {
    requireAbsent(key);
    addCandidate(key, history);
  }

  /**
   * Says that everything has been restored.
   *
   * @param steps finished before
   */
  public void restored(long steps) {
    finishedSteps = steps;
    horizon.stepFinished();
  }

  private void requireAbsent(long key) {
    if (index.valueOf(key) != NativeKeyTable.ABSENT) {
      throw new DicmException(
          ErrorCode.STORE_CORRUPT,
          "Cannot restore the ID embeddings: key " + key + " is there twice.");
    }
  }

  /** Frees all memory but what snapshots still share. May be called again. */
  @Override
  public void close() {
    index.close();
    rows.close();
    candidates.close();
  }

  /**
   * Asks for a key.
   *
   * @param found its number before any key was asked for; another one if it was asked for since
   * @return its number, which is not below 0
   */
  private int numberOf(long step, long key, int found) {
    if (key == Fingerprints.NONE) {
      throw new IllegalArgumentException("Key 0 means none and has no embedding");
    }
    int number = isOf(found, key) ? found : index.valueOf(key);
    if (number == NativeKeyTable.ABSENT) {
      return begin(step, key);
    }
    return isCandidate(number) ? askCandidate(step, key, number) : askRow(step, key, number);
  }

  private boolean isOf(int number, long key) {
    if (number == NativeKeyTable.ABSENT) {
      return false;
    }
    RowStore store = isCandidate(number) ? candidates : rows;
    int row = rowOfCandidate(number);
    return store.chunkOf(row).key(store.placeOf(row)) == key;
  }

  private int begin(long step, long key) {
    begun++;
    IdHistory first = new IdHistory(step, 1, 0);
    return options.admissionCount() == 1 ? admit(key, first) : addCandidate(key, first);
  }

  private int askCandidate(long step, long key, int number) {
    int candidate = rowOfCandidate(number);
    int place = candidates.placeOf(candidate);
    EmbeddingChunk chunk = candidates.chunkOf(candidate);
    long lastStep = chunk.lastStep(place);
    if (lastStep < horizon.ofCandidates(step)) {
      removeCandidate(candidate, key, lastStep);
      return begin(step, key);
    }
    if (lastStep >= step) {
      return number;
    }
    IdHistory history = new IdHistory(step, chunk.references(place) + 1, 0);
    if (history.references() >= options.admissionCount()) {
      removeCandidate(candidate, key, lastStep);
      return admit(key, history);
    }
    candidates.writableChunkOf(candidate).setHistory(place, history);
    return number;
  }

  private int askRow(long step, long key, int number) {
    int place = rows.placeOf(number);
    EmbeddingChunk chunk = rows.chunkOf(number);
    long lastStep = chunk.lastStep(place);
    if (lastStep < horizon.ofRows(step)) {
      removeRow(number, key, lastStep);
      return begin(step, key);
    }
    if (lastStep < step) {
      IdHistory history = new IdHistory(step, chunk.references(place) + 1, chunk.updates(place));
      rows.writableChunkOf(number).setHistory(place, history);
      horizon.moved(lastStep, step);
    }
    return number;
  }

  private int admit(long key, IdHistory history) {
    admitted++;
    fillInitial(seed, key, newRow.values(), 0, columns);
    return addRow(key, history, newRow);
  }

  private int addRow(long key, IdHistory history, OptimizerState state) {
    int number = rows.take(key);
    EmbeddingChunk chunk = rows.writableChunkOf(number);
    chunk.setHistory(rows.placeOf(number), history);
    chunk.write(rows.placeOf(number), state, 0);
    index.put(key, number);
    horizon.added(history.lastStep());
    return number;
  }

  private int addCandidate(long key, IdHistory history) {
    int candidate = candidates.take(key);
    candidates.writableChunkOf(candidate).setHistory(candidates.placeOf(candidate), history);
    index.put(key, candidate | CANDIDATE);
    return candidate | CANDIDATE;
  }

  private void removeRow(int number, long key, long lastStep) {
    expired++;
    horizon.removed(lastStep);
    index.remove(key);
    rows.free(number);
  }

  private void removeCandidate(int candidate, long key, long lastStep) {
    index.remove(key);
    candidates.free(candidate);
  }

  private static boolean isCandidate(int number) {
    return (number & CANDIDATE) != 0;
  }

  /** A candidate's row in its own store. */
  private static int rowOfCandidate(int number) {
    return number & ~CANDIDATE;
  }
}
