package io.dicm.ams.strategy;

import io.dicm.ams.client.StepInputs;

/** Where a worker that runs the sub-model itself gets raw vectors from. For one thread. */
public interface VectorSource {
  /** What the servers have to be asked for, of the image keys of a step. */
  long[] keysForServers(long[] imageKeys);

  /**
   * The scaled vectors of a step's images.
   *
   * @param imageKeys each once
   * @param answered what the servers answered to the step
   * @return [keys, dimension], row-major; zeros for images that the store lacks
   */
  float[] vectors(long[] imageKeys, StepInputs answered);

  /** Length of a vector. */
  int dimension();
}
