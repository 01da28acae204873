package io.dicm.ams.shard;

/** What is done to image vectors to find out what they are worth; see {@link VectorControl}. */
public enum ImageControl {
  /** Nothing. */
  NONE,
  /** Each image has another image's vector: the negative control. */
  SHUFFLED,
  /** Vectors are noise and a given signal: the positive control. */
  PLANTED
}
