package io.dicm.ams.dense;

import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * This server's range of the workers' dense parameters. Worker 0 offers the initial values, the
 * first of which count unless others were restored; everybody's length must be the same.
 *
 * <p>The whole vector may begin with statistics of batches, such as means and variances by which
 * activations are normalised: no optimiser makes a step on them, but they follow the mean of each
 * step's impressions. What stands for their gradient is that mean.
 *
 * <p>A training may have phases that train different parts of the vector. In a new one the
 * optimiser begins anew: what was left alone before would otherwise make its first updates with the
 * small bias corrections of late ones, which makes Adam's several times as long as its learning
 * rate says. Not safe for use by many threads.
 */
public final class DenseParameters {
  /** The worker whose initial values count. */
  public static final int LEADER = 0;

  /** The least share of a step in a statistic; the first steps' shares are those of a mean. */
  public static final float LEAST_STATISTIC_RATE = 0.01f;

  private static final int UNKNOWN = -1;

  private final int server;
  private final int servers;
  private final Optimizer optimizer;
  private OptimizerState state;
  private int fullLength = UNKNOWN;
  private int statistics;
  private String knownFrom = "the others";
  private long updates;
  private int phase;
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
   * @param statistics of batches that the whole vector begins with; 0: none
   * @param initialRange this server's range of it; owned by this object afterwards
   * @throws DicmException {@link ErrorCode#INTERNAL} when the others', or the checkpoint's, are not
   *     as many
   */
  public void offer(int worker, int length, int statistics, float[] initialRange) {
    if (fullLength != UNKNOWN && fullLength != length) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot let worker "
              + worker
              + " join: it has "
              + length
              + " dense parameters, "
              + knownFrom
              + " "
              + fullLength
              + ". All workers need the same network.");
    }
    checkStatistics(worker, length, statistics);
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
    this.statistics = statistics;
    if (worker == LEADER && !hasValues) {
      state = OptimizerState.startingAt(initialRange, optimizer);
      hasValues = true;
    }
  }

  private void checkStatistics(int worker, int length, int offered) {
    if (offered < 0 || offered > length) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot let worker %d join: %d of its %d dense parameters are statistics of batches, allowed 0..%d."
              .formatted(worker, offered, length, length));
    }
    if (fullLength != UNKNOWN && offered != statistics) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot let worker %d join: %d of its dense parameters are statistics of batches, of those of %s %d. All workers need the same network."
              .formatted(worker, offered, knownFrom, statistics));
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
    return new DenseSnapshot(Math.max(0, fullLength), statistics, updates, phase, state.copy());
  }

  /**
   * Goes on from a snapshot; before any worker's offer.
   *
   * @param snapshot its range is owned by this object afterwards
   */
  public void restore(DenseSnapshot snapshot) {
    fullLength = snapshot.fullLength();
    statistics = snapshot.statistics();
    knownFrom = "the checkpoint";
    updates = snapshot.updates();
    phase = snapshot.phase();
    state = snapshot.range();
    hasValues = true;
  }

  /**
   * Makes one step.
   *
   * @param gradient [range length], the mean over the step's impressions; for a statistic the mean
   *     of what it is of
   * @param ofPhase the phase of the training that the step is of; steps of an earlier one than the
   *     latest are made as if they were of that
   */
  public void update(float[] gradient, float learningRate, int ofPhase) {
    if (ofPhase > phase) {
      phase = ofPhase;
      updates = 0;
      state = OptimizerState.startingAt(state.values(), optimizer);
    }
    updates++;
    int from = ownStatistics();
    follow(gradient, from);
    optimizer.update(state, from, length() - from, gradient, from, updates, learningRate);
  }

  /** How many of this server's range are statistics: they are its first values. */
  private int ownStatistics() {
    DenseRange range = DenseRange.of(Math.max(0, fullLength), server, servers);
    return Math.max(0, Math.min(statistics, range.to()) - range.from());
  }

  /**
   * running += rate * (mean - running), in the form that takes the first step's mean to the bit.
   */
  private void follow(float[] means, int count) {
    float rate = Math.max(1f / updates, LEAST_STATISTIC_RATE);
    float[] running = state.values();
    for (int i = 0; i < count; i++) {
      running[i] = (1 - rate) * running[i] + rate * means[i];
    }
  }
}
