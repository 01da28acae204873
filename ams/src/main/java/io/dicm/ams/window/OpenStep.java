package io.dicm.ams.window;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A step whose forward half is done, with what its backward half needs. For one thread. */
public interface OpenStep extends AutoCloseable {
  /** The answers, in the order of the requests. */
  List<StepInputs> answers();

  /** Whether gradients of the image rows are sent; if not, those parts of them are empty. */
  boolean trainsImages();

  /**
   * Updates the parameters; once.
   *
   * @param round the same number on all servers, each used once
   * @param gradients of the workers that were answered, in the same order
   * @return completes when the update is made here; on the calling thread or another
   */
  CompletionStage<Void> backward(long round, List<StepGradients> gradients);

  /** Frees what the step holds. */
  @Override
  void close();
}
