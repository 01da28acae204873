package io.dicm.ams.strategy;

/** Where image vectors are held and compressed (arXiv 1711.06505, section 4). */
public enum StorageStrategy {
  /** On the servers, which also run the sub-model: codes travel. */
  AMS,
  /** On the servers, as on any parameter server: raw vectors travel, workers run the sub-model. */
  STORE_IN_SERVER,
  /** Beside the samples on each worker's disk: workers read the vectors and run the sub-model. */
  STORE_IN_WORKER;

  /** Whether servers load the image vectors. */
  public boolean servesImages() {
    return this != STORE_IN_WORKER;
  }

  /** Whether servers run and train the sub-model. */
  public boolean compressesOnServers() {
    return this == AMS;
  }
}
