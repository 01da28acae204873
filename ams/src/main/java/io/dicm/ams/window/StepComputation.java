package io.dicm.ams.window;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What a server computes when a window is complete. Called by one thread, {@link #forward} and
 * {@link #backward} in turn.
 */
public interface StepComputation {
  /**
   * Answers a step's requests.
   *
   * @param requests one for each worker of the step, in the order of workers
   * @return the answers in the same order
   */
  List<StepInputs> forward(List<StepRequest> requests);

  /**
   * Updates the parameters with a step's gradients.
   *
   * @param gradients of the workers that {@link #forward} answered, in the same order
   * @return completes when the update is made here; on the calling thread or another
   */
  CompletionStage<Void> backward(List<StepGradients> gradients);
}
