package io.dicm.ams.client;

/**
 * One worker's connection to all Advanced Model Servers. The client splits keys by owner, sends to
 * all servers at a time and puts the answers together. For one thread.
 *
 * <p>Steps are asked for in their order, {@link Welcome#stepsAhead} of them before the gradients of
 * the oldest are sent; those too are sent in order.
 *
 * <p>Errors are {@code DicmException}s: {@code WINDOW_TIMED_OUT} when another worker of the step
 * did not come in time, {@code STALE_EPOCH}, {@code AUTHENTICATION_FAILED}, {@code
 * SERVICE_UNAVAILABLE}.
 */
public interface AmsClient extends AutoCloseable {
  /**
   * Declares the worker active from the first step and offers the initial dense parameters. The
   * servers keep those of worker 0, unless they go on from a checkpoint, and check the others for
   * equal length and number of statistics.
   *
   * @param initialDense the worker network's parameters, flat
   * @param statistics how many of the first of them are statistics of batches, as {@link
   *     StepGradients#dense} says
   */
  Welcome join(float[] initialDense, int statistics);

  /** Declares a worker active whose dense parameters all have gradients. */
  default Welcome join(float[] initialDense) {
    return join(initialDense, 0);
  }

  /** Asks for a step; the answer comes when all active workers asked for it and it is its time. */
  Answer<StepInputs> ask(StepRequest request);

  /** Sends a step's gradients; the answer comes when the update is made everywhere. */
  Answer<Void> send(StepGradients gradients);

  /**
   * Declares the worker finished: it takes part in no step from {@code nextStep} on. To be said
   * before the gradients of the last {@link Welcome#stepsAhead} steps are sent, which other workers
   * would have to wait for otherwise.
   */
  void leave(long nextStep);

  /** The dense parameters after the last finished step, flat. */
  float[] dense();

  /** Asks for a step and waits for the answer. */
  default StepInputs forward(StepRequest request) {
    return ask(request).await();
  }

  /** Sends a step's gradients and waits until the update is made everywhere. */
  default void backward(StepGradients gradients) {
    send(gradients).await();
  }

  @Override
  void close();
}
