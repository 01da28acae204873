package io.dicm.ams.submodel;

/** What stands for an image that is asked for and that the feature store does not have. */
public enum MissingImages {
  /** The code of an all-zero vector, which is the average image. */
  ZERO,

  /** A code of its own, one for each network, trained from zeros with the network. */
  LEARNED,

  /** Nothing: it is an error. */
  FAIL
}
