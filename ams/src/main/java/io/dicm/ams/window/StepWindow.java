package io.dicm.ams.window;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Brings the workers of each step together: runs the forward half when all active workers have
 * asked, the backward half when all of those have sent gradients, then opens the next step.
 *
 * <ul>
 *   <li>The same request again (a retry, or twice on the way) has the same answer, until the worker
 *       asks for the next step.
 *   <li>Another step than the current one is refused, and so is a worker that has left.
 *   <li>A half that is not complete within the time limit, counted from its first arrival, fails
 *       the step for all who wait. Servers may then have different parameters, so that this window
 *       answers nothing but that failure any more; training goes on from a checkpoint or from the
 *       start in a new epoch.
 *   <li>A refused call changes nothing for the other workers.
 * </ul>
 *
 * <p>Not safe for use by many threads: all calls come from one, and so does everything that the
 * timer runs. The answers complete on that thread.
 */
public final class StepWindow {
  private final StepComputation computation;
  private final Membership membership;
  private final WindowTimer timer;
  private final Executor windowThread;
  private final long timeoutMs;

  private final long firstStep;
  private final LongConsumer finished;

  private long step;
  private boolean forwardDone;
  private boolean updating;
  private Gathering<StepRequest, StepInputs> requests = new Gathering<>();
  private Gathering<StepGradients, Void> gradients = new Gathering<>();
  private Gathering<StepGradients, Void> previousGradients = new Gathering<>();
  private Runnable cancelDeadline = () -> {};
  private DicmException failure;
  private long waitMs;

  /**
   * @param workers how many workers take part from step 0
   * @param timeoutMs longest wait, from the first arrival of a step's half to its end
   * @param timer runs deadlines on the window's thread
   * @param windowThread runs what follows an update on the window's thread
   * @param firstStep the first step to run; earlier ones were made before a checkpoint
   * @param finished told the number of finished steps after each, on the window's thread, before
   *     the next begins
   */
  public StepWindow(
      int workers,
      long timeoutMs,
      StepComputation computation,
      WindowTimer timer,
      Executor windowThread,
      long firstStep,
      LongConsumer finished) {
    this.firstStep = firstStep;
    this.step = firstStep;
    this.finished = finished;
    this.membership = new Membership(workers);
    this.timeoutMs = timeoutMs;
    this.computation = computation;
    this.timer = timer;
    this.windowThread = windowThread;
  }

  /**
   * Lets a worker join; again is allowed until its first request.
   *
   * @throws DicmException {@code STALE_EPOCH} when training has begun for this worker
   */
  public void join(int worker) {
    checkAlive();
    if (step > firstStep || requests.has(worker)) {
      throw new DicmException(
          ErrorCode.STALE_EPOCH,
          "Cannot let worker "
              + worker
              + " join: training is at step "
              + step
              + " already. A restarted worker needs a new epoch.");
    }
    membership.join(worker);
  }

  /** Takes a worker's request; the answer comes when all active workers have asked. */
  public CompletableFuture<StepInputs> forward(int worker, StepRequest request) {
    checkAlive();
    membership.checkActive(worker, request.step());
    checkCurrent(worker, request.step());
    if (requests.has(worker)) {
      checkSameKeys(worker, request);
      return requests.answer(worker);
    }
    if (requests.isEmpty()) {
      requests = new Gathering<>();
      startDeadline(this::missingWorkers);
    }
    CompletableFuture<StepInputs> answer = requests.add(worker, request);
    runForwardWhenComplete();
    return answer;
  }

  /** Takes a worker's gradients; completes when the step's update is made. */
  public CompletableFuture<Void> backward(int worker, StepGradients sent) {
    checkAlive();
    if (sent.step() == step - 1 && previousGradients.has(worker)) {
      return previousGradients.answer(worker);
    }
    checkCurrent(worker, sent.step());
    if (!forwardDone || !requests.has(worker)) {
      throw refused(worker, sent.step(), "it sent gradients before it was answered");
    }
    if (gradients.has(worker)) {
      return gradients.answer(worker);
    }
    checkLengths(worker, requests.answer(worker).join(), sent);
    if (gradients.isEmpty()) {
      gradients = new Gathering<>();
      startDeadline(this::missingGradients);
    }
    CompletableFuture<Void> answer = gradients.add(worker, sent);
    if (gradients.workers().equals(requests.workers())) {
      runBackward();
    }
    return answer;
  }

  /**
   * Lets a worker leave; others no longer wait for it from {@code nextStep} on, which may lie
   * before the first step of this window.
   */
  public void leave(int worker, long nextStep) {
    leaveAt(worker, Math.max(nextStep, firstStep));
  }

  private void leaveAt(int worker, long nextStep) {
    if (failure != null || membership.hasLeft(worker, nextStep)) {
      return;
    }
    if (nextStep < step || (nextStep == step && requests.has(worker))) {
      throw refused(worker, nextStep, "it wants to leave before it, but has taken part in it");
    }
    membership.leave(worker, nextStep);
    if (!requests.isEmpty()) {
      runForwardWhenComplete();
    }
  }

  /** Ends the training with this failure: all who wait and all who come get it. */
  public void fail(DicmException cause) {
    if (failure == null) {
      failure = cause;
      cancelDeadline.run();
      requests.fail(cause);
      gradients.fail(cause);
    }
  }

  /** The step that is open; so many are finished. */
  public long step() {
    return step;
  }

  /** Time that steps waited for their last worker after the first had come, in sum, ms. */
  public long waitMs() {
    return waitMs;
  }

  private void runForwardWhenComplete() {
    if (forwardDone || !requests.workers().equals(membership.activeAt(step))) {
      return;
    }
    cancelDeadline.run();
    waitMs += requests.ageMs();
    guarded(
        () -> {
          requests.answerAll(computation.forward(requests.questions()));
          forwardDone = true;
        });
  }

  private void runBackward() {
    waitMs += gradients.ageMs();
    updating = true;
    guarded(
        () ->
            computation
                .backward(gradients.questions())
                .whenCompleteAsync((done, error) -> finishStep(error), windowThread));
  }

  private void finishStep(Throwable error) {
    if (failure != null) {
      return;
    }
    cancelDeadline.run();
    if (error != null) {
      fail(asDicmException(error));
      return;
    }
    guarded(() -> finished.accept(step + 1));
    if (failure != null) {
      return;
    }
    gradients.answerEach(null);
    previousGradients = gradients;
    gradients = new Gathering<>();
    requests = new Gathering<>();
    forwardDone = false;
    updating = false;
    step++;
  }

  private void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      fail(asDicmException(e));
    }
  }

  private DicmException asDicmException(Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    return cause instanceof DicmException known
        ? known
        : new DicmException(ErrorCode.INTERNAL, "Cannot run step " + step + ": " + cause, cause);
  }

  private void startDeadline(Supplier<String> reason) {
    long deadlineStep = step;
    cancelDeadline.run();
    cancelDeadline =
        timer.after(
            timeoutMs,
            () -> {
              if (step == deadlineStep) {
                fail(timedOut(reason.get()));
              }
            });
  }

  private String missingWorkers() {
    List<Integer> missing =
        membership.activeAt(step).stream().filter(worker -> !requests.has(worker)).toList();
    return "workers " + missing + " did not ask for it";
  }

  private String missingGradients() {
    if (updating) {
      return "other servers did not send their part of the sub-model's gradient";
    }
    List<Integer> missing =
        requests.workers().stream().filter(worker -> !gradients.has(worker)).toList();
    return "workers " + missing + " did not send their gradients";
  }

  private DicmException timedOut(String why) {
    return new DicmException(
        ErrorCode.WINDOW_TIMED_OUT,
        "Cannot run step " + step + ": " + why + " within " + timeoutMs + " ms. See their logs.");
  }

  private void checkAlive() {
    if (failure != null) {
      throw failure;
    }
  }

  private void checkCurrent(int worker, long asked) {
    if (asked != step) {
      throw refused(worker, asked, "the server is at step " + step);
    }
  }

  private void checkSameKeys(int worker, StepRequest request) {
    StepRequest earlier = requests.question(worker);
    if (!Arrays.equals(earlier.adImageKeys(), request.adImageKeys())
        || !Arrays.equals(earlier.behaviorImageKeys(), request.behaviorImageKeys())
        || !Arrays.equals(earlier.idKeys(), request.idKeys())) {
      throw refused(worker, request.step(), "it asked for other keys before");
    }
  }

  private static void checkLengths(int worker, StepInputs inputs, StepGradients sent) {
    if (sent.adCodes().length != inputs.adCodes().length
        || sent.behaviorCodes().length != inputs.behaviorCodes().length
        || sent.idEmbeddings().length != inputs.idEmbeddings().length
        || sent.dense().length != inputs.dense().length
        || sent.impressions() < 0) {
      throw refused(worker, sent.step(), "its gradients do not fit what it was answered");
    }
  }

  private static DicmException refused(int worker, long step, String why) {
    return new DicmException(
        ErrorCode.INTERNAL, "Cannot run step " + step + " for worker " + worker + ": " + why + ".");
  }
}
