package io.dicm.trainer.train;

import io.dicm.trainer.sample.SampleSource;
import java.io.IOException;

/** Opens a worker's training samples anew for each epoch, in that epoch's order. */
@FunctionalInterface
public interface EpochSource {
  /**
   * The samples of an epoch.
   *
   * @param epoch counted from 0
   */
  SampleSource open(int epoch) throws IOException;
}
