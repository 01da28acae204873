package io.dicm.ams.strategy;

import io.dicm.ams.client.StepInputs;

/**
 * Vectors that come with the servers' answer, as the rows of behaviour images.
 *
 * @param dimension length of a vector
 */
public record ServedVectors(int dimension) implements VectorSource {
  @Override
  public long[] keysForServers(long[] imageKeys) {
    return imageKeys;
  }

  @Override
  public float[] vectors(long[] imageKeys, StepInputs answered) {
    return answered.behaviorCodes();
  }
}
