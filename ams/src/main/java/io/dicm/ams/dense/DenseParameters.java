package io.dicm.ams.dense;

import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * This server's range of the workers' dense parameters. Worker 0 offers the initial values, the
 * first of which count unless others were restored; everybody's length must be the same. Not safe
 * for use by many threads.
 */
public final class DenseParameters {
  /** The worker whose initial values count. */
  public static final int LEADER = 0;

  private static final int UNKNOWN = -1;

  private final int server;
  private final int servers;
  private final Optimizer optimizer;
  private OptimizerState state;
  private int fullLength = UNKNOWN;
  private long updates;
  private boolean hasValues;

  public DenseParameters(int server, int servers, Optimizer optimizer) {
    this.server = server;
    this.servers = servers;
    this.optimizer = optimizer;
    this.state = OptimizerState.startingAt(new float[0], optimizer);
  }

  /**
   * Takes a worker's offer.
   *
   * @param length of the whole vector, over all servers
   * @param initialRange this server's range of it; owned by this object afterwards
   */
  public void offer(int worker, int length, float[] initialRange) {
    if (fullLength != UNKNOWN && fullLength != length) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot let worker "
              + worker
              + " join: it has "
              + length
              + " dense parameters, the others "
              + fullLength
              + ". All workers need the same network.");
    }
    int rangeLength = DenseRange.of(length, server, servers).length();
    if (initialRange.length != rangeLength) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot let worker "
              + worker
              + " join: it sent "
              + initialRange.length
              + " dense parameters, server "
              + server
              + " has the range of "
              + rangeLength
              + ".");
    }
    fullLength = length;
    if (worker == LEADER && !hasValues) {
      state = OptimizerState.startingAt(initialRange, optimizer);
      hasValues = true;
    }
  }

  /** The number of values in this server's range. */
  public int length() {
    return state.values().length;
  }

  /** A copy of the values. */
  public float[] values() {
    return state.values().clone();
  }

  /** This server's range as it is now. */
  public DenseSnapshot snapshot() {
    return new DenseSnapshot(Math.max(0, fullLength), updates, state.copy());
  }

  /**
   * Goes on from a snapshot; before any worker's offer.
   *
   * @param length of the whole vector, over all servers
   * @param count updates that it has had
   * @param range this server's range of it; owned by this object afterwards
   */
  public void restore(int length, long count, OptimizerState range) {
    fullLength = length;
    updates = count;
    state = range;
    hasValues = true;
  }

  /** Makes one step. */
  public void update(float[] gradient, float learningRate) {
    updates++;
    optimizer.update(state, 0, length(), gradient, 0, updates, learningRate);
  }
}
