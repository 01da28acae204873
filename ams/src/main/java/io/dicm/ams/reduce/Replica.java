package io.dicm.ams.reduce;

import java.nio.FloatBuffer;

/**
 * One server's replica of the parameters that all servers keep equal: some networks, each a flat
 * vector, which is cut in ranges over the servers ({@link io.dicm.ams.dense.DenseRange#of}). What
 * the optimiser keeps beside the values is there for this server's own range alone. To be used by
 * one thread.
 */
public interface Replica {
  /** Length of each network's flat vector. */
  int[] lengths();

  /**
   * Makes one step of the own range of a network. Codes are computed with the new values only after
   * {@link #put}.
   *
   * @param gradient [at least range length], of the own range alone
   */
  void update(int network, float[] gradient, float learningRate);

  /** Steps that the own range of a network has made: its version. */
  long updates(int network);

  /** The newest values of the own range of a network, [range length]; not copied. */
  FloatBuffer ownValues(int network);

  /**
   * Overwrites values that codes are computed with.
   *
   * @param from index of the first one in the network's flat vector
   * @param values to be read from position to limit, which stay as they are
   */
  void put(int network, int from, FloatBuffer values);

  /** CRC-32C of all values that codes are computed with, of all networks. */
  int checksum();
}
