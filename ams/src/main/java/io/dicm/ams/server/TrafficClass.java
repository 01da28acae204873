package io.dicm.ams.server;

/** What the bytes of messages are for; field values alone, without a message's own framing. */
public enum TrafficClass {
  /** Keys of images asked for. */
  IMAGE_KEYS,
  /** Codes of images to workers; raw vectors where workers run the sub-model. */
  IMAGE_CODES,
  /** Gradients of codes, from workers. */
  IMAGE_GRADIENTS,
  /** Keys of ID features asked for. */
  ID_KEYS,
  /** ID embeddings, to workers. */
  ID_EMBEDDINGS,
  /** Gradients of ID embeddings, from workers. */
  ID_GRADIENTS,
  /** The workers' dense parameters and their gradients. */
  DENSE,
  /** What servers send each other to keep the replicas of the sub-model equal. */
  SUB_MODEL,
  /** Questions for tier histograms, from workers, and the counts that answer them. */
  IMAGE_TIERS,
  /** Vectors of images that servers send each other to answer those, and the keys asked for. */
  IMAGE_VECTORS
}
