package io.dicm.ams.embedding;

import io.dicm.ams.memory.MemoryBudget;
import io.dicm.common.key.Fingerprints;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbered rows in chunks outside the Java heap that never move: growing adds a chunk, and rows set
 * free are used again, the last one first. A row's number stays as long as the row. Not safe for
 * use by many threads.
 */
final class RowStore implements AutoCloseable {
  /** Most rows, so that a bit of their numbers stays free. */
  static final int MOST_ROWS = 1 << 30;

  private static final int NONE = -1;

  private final RowLayout layout;
  private final MemoryBudget budget;
  private final int chunkShift;
  private final int placeMask;
  private final List<EmbeddingChunk> chunks = new ArrayList<>();
  private int end;
  private int used;
  private int firstFree = NONE;

  RowStore(RowLayout layout, MemoryBudget budget) {
    this.layout = layout;
    this.budget = budget;
    this.chunkShift = Integer.numberOfTrailingZeros(layout.rowsPerChunk());
    this.placeMask = layout.rowsPerChunk() - 1;
  }

  /** Rows in use. */
  int used() {
    return used;
  }

  /** One more than the highest number that a row has had. */
  int end() {
    return end;
  }

  /** Gives a row to a key; what else is in it, it gets from the caller. */
  int take(long key) {
    int row = firstFree;
    if (row == NONE) {
      row = append();
    } else {
      firstFree = chunkOf(row).references(placeOf(row));
    }
    writableChunkOf(row).setKey(placeOf(row), key);
    used++;
    return row;
  }

  private int append() {
    if (end == MOST_ROWS) {
      throw new IllegalStateException("A server cannot hold more than " + MOST_ROWS + " IDs");
    }
    if (end == chunks.size() << chunkShift) {
      chunks.add(EmbeddingChunk.empty(layout, budget));
    }
    return end++;
  }

  /** Sets a row free; free rows are a list, each with the next one's number for references. */
  void free(int row) {
    EmbeddingChunk chunk = writableChunkOf(row);
    chunk.setKey(placeOf(row), Fingerprints.NONE);
    chunk.setReferences(placeOf(row), firstFree);
    firstFree = row;
    used--;
  }

  /** To be read; after the next change of a row it may be another. */
  EmbeddingChunk chunkOf(int row) {
    return chunks.get(row >> chunkShift);
  }

  /** To be changed: a chunk that a snapshot shares is copied first. */
  EmbeddingChunk writableChunkOf(int row) {
    int number = row >> chunkShift;
    EmbeddingChunk chunk = chunks.get(number);
    if (chunk.isFrozen()) {
      EmbeddingChunk copy = chunk.copy();
      chunks.set(number, copy);
      chunk.release();
      chunk = copy;
    }
    return chunk;
  }

  /** Whether a snapshot shares any chunk, which then must be copied before it changes. */
  boolean isShared() {
    return chunks.stream().anyMatch(EmbeddingChunk::isFrozen);
  }

  /** The row's place in its chunk. */
  int placeOf(int row) {
    return row & placeMask;
  }

  /** All rows as they are now, shared until they change, from {@code firstLastStep} on. */
  RowView snapshot(long firstLastStep) {
    chunks.forEach(EmbeddingChunk::freeze);
    return view(firstLastStep);
  }

  /** The rows, changing, that were last asked for in {@code firstLastStep} or later. */
  RowView view(long firstLastStep) {
    return new RowView(layout, List.copyOf(chunks), end, firstLastStep);
  }

  /** Frees what no snapshot shares, and forgets all rows. May be called again. */
  @Override
  public void close() {
    chunks.forEach(EmbeddingChunk::release);
    chunks.clear();
    end = 0;
    used = 0;
    firstFree = NONE;
  }
}
