package io.dicm.trainer.sample;

import java.io.IOException;

/** A stream of samples. For one thread. */
public interface SampleSource extends AutoCloseable {
  /** The next sample, or null at the end. */
  Sample next() throws IOException;

  /** Whether all samples that are left are in memory. */
  default boolean isReadThrough() {
    return false;
  }

  /**
   * Takes up to so many more samples into memory, where this source has room for them. What it
   * gives, and in what order, does not change.
   */
  default void readAhead(int samples) throws IOException {}

  @Override
  void close() throws IOException;
}
