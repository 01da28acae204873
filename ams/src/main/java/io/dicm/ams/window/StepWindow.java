package io.dicm.ams.window;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.common.error.DicmException;
import java.util.concurrent.CompletableFuture;

/**
 * Decides when the halves of the workers' steps run.
 *
 * <ul>
 *   <li>The same request again (a retry, or twice on the way) has the same answer while its step is
 *       open; the same gradients again, until the worker sends those of its next step.
 *   <li>A step that is over or too far ahead is refused, and so is a worker that has left.
 *   <li>When somebody waits and nothing goes on for longer than the time limit, training fails for
 *       all. Servers may then have different parameters, so that this window answers nothing but
 *       that failure any more; training goes on from a checkpoint or from the start in a new epoch.
 *   <li>A refused call changes nothing for the other workers.
 * </ul>
 *
 * <p>Not safe for use by many threads: all calls come from one, and so does everything that the
 * timer runs. The answers complete on that thread.
 */
public sealed interface StepWindow permits OrderedWindow, AsynchronousWindow {
  /**
   * Lets a worker join; again is allowed until its first request.
   *
   * @param offer takes what the worker brings, before anything can start; when it fails, the worker
   *     has not joined
   * @throws DicmException {@code STALE_EPOCH} when training has begun for this worker
   */
  void join(int worker, Runnable offer);

  /** Lets a worker join that brings nothing. */
  default void join(int worker) {
    join(worker, () -> {});
  }

  /** Takes a worker's request; the answer comes when it is the step's time. */
  CompletableFuture<StepInputs> forward(int worker, StepRequest request);

  /** Takes a worker's gradients; completes when the update is made. */
  CompletableFuture<Void> backward(int worker, StepGradients sent);

  /**
   * Lets a worker leave: it takes part in no step from {@code nextStep} on, which may lie before
   * the first step of this window. It may have steps under way before that one.
   */
  void leave(int worker, long nextStep);

  /** Ends the training with this failure: all who wait and all who come get it. */
  void fail(DicmException cause);

  /** One more than the last step that is finished for anybody: after the end, all steps. */
  long finishedSteps();

  /** The number of updates made here. */
  long updates();

  /** Time that steps waited for their last worker after the first had come, in sum, ms. */
  long waitMs();
}
