package io.dicm.ams.server;

import io.dicm.ams.table.MergedRows;
import org.bytedeco.pytorch.Tensor;

/** The vectors that one network of the sub-model takes in a step. For one thread. */
final class CollectedRows implements AutoCloseable {
  private final MergedRows rows;
  private final Tensor vectors;
  private final Runnable release;
  private boolean closed;

  /**
   * @param rows which row each requester asked for
   * @param vectors of the unique rows, [unique rows, dimension], where the network is computed;
   *     owned by this object afterwards, null when there are none
   * @param release gives back what they were collected with
   */
  CollectedRows(MergedRows rows, Tensor vectors, Runnable release) {
    this.rows = rows;
    this.vectors = vectors;
    this.release = release;
  }

  static CollectedRows ofNothing(MergedRows rows) {
    return new CollectedRows(rows, null, () -> {});
  }

  MergedRows rows() {
    return rows;
  }

  boolean isEmpty() {
    return vectors == null;
  }

  /** The vectors, which a GPU may still be collecting; until this is closed. */
  Tensor vectors() {
    return vectors;
  }

  /** May be called again. */
  @Override
  public void close() {
    if (!closed && vectors != null) {
      vectors.close();
      release.run();
    }
    closed = true;
  }
}
