package io.dicm.ams.window;

import io.dicm.ams.client.StepRequest;
import java.util.List;

/** What a server computes when a window is complete. Called by one thread. */
@FunctionalInterface
public interface StepComputation {
  /**
   * Answers a step's requests. With staleness several steps may be open at a time.
   *
   * @param requests one for each worker of the step, in the order of workers
   * @return to be closed by the caller
   */
  OpenStep forward(List<StepRequest> requests);
}
