package io.dicm.ams.client;

/**
 * One worker's connection to all Advanced Model Servers. The client splits keys by owner, sends to
 * all servers at a time and puts the answers together. For one thread.
 *
 * <p>Errors are {@code DicmException}s: {@code WINDOW_TIMED_OUT} when another worker of the step
 * did not come in time, {@code STALE_EPOCH}, {@code AUTHENTICATION_FAILED}, {@code
 * SERVICE_UNAVAILABLE}.
 */
public interface AmsClient extends AutoCloseable {
  /**
   * Declares the worker active from the first step and offers the initial dense parameters. The
   * servers keep those of worker 0, unless they go on from a checkpoint, and check the others for
   * equal length.
   *
   * @param initialDense the worker network's parameters, flat
   * @return the first step: 0, or as many as were made before the checkpoint; the worker leaves out
   *     the samples of the steps before
   */
  long join(float[] initialDense);

  /** Waits until all active workers asked for this step; then answers. */
  StepInputs forward(StepRequest request);

  /** Returns when the update of this step is made everywhere. */
  void backward(StepGradients gradients);

  /** Declares the worker finished: it takes part in no step from {@code nextStep} on. */
  void leave(long nextStep);

  /** The dense parameters after the last finished step, flat. */
  float[] dense();

  @Override
  void close();
}
