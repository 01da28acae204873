package io.dicm.trainer.sample;

import java.io.IOException;

/** A stream of samples. For one thread. */
public interface SampleSource extends AutoCloseable {
  /** The next sample, or null at the end. */
  Sample next() throws IOException;

  @Override
  void close() throws IOException;
}
