package io.dicm.ams.embedding;

import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.table.NativeKeyTable;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;

/**
 * From keys to numbers: which IDs there are, when one becomes a candidate, when it gets a row and
 * when it is forgotten. An ID's number is that of its row, or marked as a candidate's. Not safe for
 * use by many threads.
 */
final class KnownIds implements AutoCloseable {
  /** Marks the number of a candidate, among those of rows. */
  private static final int CANDIDATE = RowStore.MOST_ROWS;

  /** Fewer keys are not worth a thread. */
  private static final int LEAST_KEYS = 4096;

  /** So few keys that what was found of them is still in the processor's cache. */
  private static final int KEYS_AT_A_TIME = 256;

  private final InitialValues initial;
  private final int admissionCount;
  private final boolean expires;
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

  /**
   * None.
   *
   * @param rows where theirs lie; not closed here
   * @param newRow state of a row that was never updated, whose values are overwritten
   * @param budget that other memory is taken from
   * @param crew finds them; not closed here
   */
  KnownIds(
      RowStore rows,
      InitialValues initial,
      OptimizerState newRow,
      EmbeddingOptions options,
      MemoryBudget budget,
      ComputeCrew crew) {
    this.rows = rows;
    this.initial = initial;
    this.newRow = newRow;
    this.admissionCount = options.admissionCount();
    this.expires = options.expirySteps() > 0;
    this.crew = crew;
    this.index = new NativeKeyTable(budget);
    this.candidates = new RowStore(RowLayout.headsAlone(), budget);
    this.horizon = new ExpiryHorizon(options);
    this.rowSweep = new ExpirySweep(rows, options.expirySteps());
    this.candidateSweep = new ExpirySweep(candidates, options.expirySteps());
  }

  /**
   * What there is and was done.
   *
   * @param takenBytes of the budget
   */
  EmbeddingStatistics statistics(long takenBytes) {
    return new EmbeddingStatistics(
        rows.used(), candidates.used(), begun, admitted, expired, takenBytes);
  }

  /**
   * The numbers of these keys, none of them 0, in this step; counts the step for each key that is
   * asked for in it for the first time. A key's number is the same in all calls of a step. It stays
   * valid until the step's update, though later steps may have begun meanwhile; a candidate's
   * values must be read before they do.
   *
   * @param step that asks; not a step that {@link EmbeddingOptions#LEAST_EXPIRY_STEPS} steps follow
   * @param keys each once, as a request has them
   * @throws DicmException {@link ErrorCode#MEMORY_PLAN_TOO_LARGE} when the memory is used up
   */
  int[] find(long step, long[] keys) {
    int[] numbers = new int[keys.length];
    long[] lastSteps = horizon.countsRows() ? new long[keys.length] : null;
    long oldest = horizon.ofRows(step);
    // Finding waits for memory; so does noting the step in a row that is there and stays.
    crew.run(
        crew.pieces(
            keys.length,
            LEAST_KEYS,
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

  /**
   * Says that a step is over: IDs may expire, and some of those that have are removed.
   *
   * @param steps finished
   */
  void stepFinished(long steps) {
    finishedSteps = steps;
    horizon.stepFinished();
    if (expires) {
      rowSweep.run(horizon.ofRows(steps), this::removeRow);
      candidateSweep.run(horizon.ofCandidates(steps), this::removeCandidate);
    }
  }

  /** Rows of IDs that have not expired, changing. */
  RowView liveRows() {
    return rows.view(horizon.ofRows(finishedSteps));
  }

  /** Rows of IDs that have not expired as they are now, shared until they change. */
  RowView rowSnapshot() {
    return rows.snapshot(horizon.ofRows(finishedSteps));
  }

  /** Candidates that have not expired as they are now, shared until they change. */
  RowView candidateSnapshot() {
    return candidates.snapshot(horizon.ofCandidates(finishedSteps));
  }

  /** The key of a candidate. */
  long keyOfCandidate(int number) {
    int candidate = rowOfCandidate(number);
    return candidates.chunkOf(candidate).key(candidates.placeOf(candidate));
  }

  /**
   * Adds a trained row as a snapshot had it.
   *
   * @param state its values and slots, [row width] each
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when the key is there already
   */
  void restoreRow(long key, IdHistory history, OptimizerState state) {
    requireAbsent(key);
    addRow(key, history, state);
  }

  /**
   * Adds a candidate as a snapshot had it.
   *
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when the key is there already
   */
  void restoreCandidate(long key, IdHistory history) {
    requireAbsent(key);
    addCandidate(key, history);
  }

  /**
   * Says that everything has been restored.
   *
   * @param steps finished before
   */
  void restored(long steps) {
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
    return admissionCount == 1 ? admit(key, first) : addCandidate(key, first);
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
    if (history.references() >= admissionCount) {
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
    initial.fill(key, newRow.values(), 0);
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

  /** Whether a number is that of a candidate, which has no row. */
  static boolean isCandidate(int number) {
    return (number & CANDIDATE) != 0;
  }

  /** A candidate's row in its own store. */
  private static int rowOfCandidate(int number) {
    return number & ~CANDIDATE;
  }

  /** Frees what no snapshot shares but the rows. May be called again. */
  @Override
  public void close() {
    index.close();
    candidates.close();
  }
}
