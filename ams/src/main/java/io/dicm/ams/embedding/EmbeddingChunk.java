package io.dicm.ams.embedding;

import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.memory.NativeBlock;
import io.dicm.ams.optimizer.OptimizerState;
import java.nio.FloatBuffer;

/**
 * Some rows outside the Java heap, owned by its {@link RowStore} and by the snapshots that share
 * it. While a snapshot does, it must not be changed and any thread may read it. The last owner to
 * release it frees it. A free place has the key 0.
 */
final class EmbeddingChunk {
  private final RowLayout layout;
  private final int rowBytes;
  private final NativeBlock block;

  private EmbeddingChunk(RowLayout layout, NativeBlock block) {
    this.layout = layout;
    this.rowBytes = layout.rowBytes();
    this.block = block;
  }

  /** Free places. */
  static EmbeddingChunk empty(RowLayout layout, MemoryBudget budget) {
    int bytes = Math.multiplyExact(layout.rowsPerChunk(), layout.rowBytes());
    return new EmbeddingChunk(layout, NativeBlock.zeroed(budget, bytes));
  }

  /** The same rows, to be changed. */
  EmbeddingChunk copy() {
    return new EmbeddingChunk(layout, block.copy());
  }

  void freeze() {
    block.retain();
  }

  boolean isFrozen() {
    return block.isShared();
  }

  void release() {
    block.release();
  }

  long key(int place) {
    return block.bytes().getLong(place * rowBytes + RowLayout.KEY);
  }

  long lastStep(int place) {
    return block.bytes().getLong(place * rowBytes + RowLayout.LAST_STEP);
  }

  int references(int place) {
    return block.bytes().getInt(place * rowBytes + RowLayout.REFERENCES);
  }

  int updates(int place) {
    return block.bytes().getInt(place * rowBytes + RowLayout.UPDATES);
  }

  IdHistory history(int place) {
    return new IdHistory(lastStep(place), references(place), updates(place));
  }

  void setKey(int place, long key) {
    block.bytes().putLong(place * rowBytes + RowLayout.KEY, key);
  }

  void setReferences(int place, int references) {
    block.bytes().putInt(place * rowBytes + RowLayout.REFERENCES, references);
  }

  void setUpdates(int place, int updates) {
    block.bytes().putInt(place * rowBytes + RowLayout.UPDATES, updates);
  }

  void setHistory(int place, IdHistory history) {
    setAsked(place, history.lastStep(), history.references());
    setUpdates(place, history.updates());
  }

  /** Notes that the row was asked for. */
  void setAsked(int place, long step, int references) {
    block.bytes().putLong(place * rowBytes + RowLayout.LAST_STEP, step);
    setReferences(place, references);
  }

  /** Copies the row's values to {@code target[offset...]}. */
  void readValues(int place, float[] target, int offset) {
    FloatBuffer floats = block.floats();
    int at = layout.valuesAt(place);
    int width = layout.width();
    // A bulk copy of a dozen floats costs more than they do.
    for (int i = 0; i < width; i++) {
      target[offset + i] = floats.get(at + i);
    }
  }

  /** Copies the row's values and slots to {@code target}'s, from {@code offset} on. */
  void read(int place, OptimizerState target, int offset) {
    int width = layout.width();
    int at = layout.valuesAt(place);
    FloatBuffer floats = block.floats();
    floats.get(at, target.values(), offset, width);
    for (float[] slot : target.slots()) {
      at += width;
      floats.get(at, slot, offset, width);
    }
  }

  /** Copies {@code from}'s values and slots, from {@code offset} on, to the row. */
  void write(int place, OptimizerState from, int offset) {
    int width = layout.width();
    int at = layout.valuesAt(place);
    FloatBuffer floats = block.floats();
    floats.put(at, from.values(), offset, width);
    for (float[] slot : from.slots()) {
      at += width;
      floats.put(at, slot, offset, width);
    }
  }
}
