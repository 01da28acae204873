package io.dicm.feature.store;

/** What is checked of a snapshot's files before something is built on them. */
public enum Verification {
  /** That all have the lengths that the manifest says; those of the day itself the digests too. */
  LENGTHS,
  /** That all have the digests that the manifest says, which reads every file. */
  DIGESTS
}
