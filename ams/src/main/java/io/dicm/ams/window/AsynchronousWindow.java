package io.dicm.ams.window;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.common.error.DicmException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;

/**
 * Runs each worker's steps apart from all others', as they come: nobody waits for a slower worker.
 * Only at the start do all wait until the last has joined, for one of them brings the dense
 * parameters; and before a barrier until every update of an earlier step is made, so that a
 * checkpoint there holds one moment of the training. Results depend on timing.
 */
public final class AsynchronousWindow implements StepWindow {
  private final StepSchedule schedule;
  private final StepComputation computation;
  private final Membership membership;
  private final WindowDeadline deadline;
  private final Executor windowThread;
  private final LongConsumer finished;
  private final List<WorkerLane> lanes = new ArrayList<>();

  /** The next barrier, no step of which or after may start; the largest number: none. */
  private long barrier;

  private DicmException failure;
  private boolean progressed;
  private long progressNs = System.nanoTime();
  private long waitMs;

  /**
   * @param workers how many workers take part from the first step
   * @param timeoutMs longest time in which somebody waits and nothing happens
   * @param timer runs deadlines on the window's thread
   * @param windowThread runs what follows an update on the window's thread
   * @param finished told at each barrier, before a later step starts, on the window's thread
   */
  public AsynchronousWindow(
      int workers,
      StepSchedule schedule,
      long timeoutMs,
      StepComputation computation,
      WindowTimer timer,
      Executor windowThread,
      LongConsumer finished) {
    this.schedule = schedule;
    this.computation = computation;
    this.membership = new Membership(workers);
    this.deadline = new WindowDeadline(timer, timeoutMs, this::timedOut);
    this.windowThread = windowThread;
    this.finished = finished;
    this.barrier =
        schedule.barrierSteps() == 0 ? Long.MAX_VALUE : schedule.barrierAfter(schedule.firstStep());
    for (int worker = 0; worker < workers; worker++) {
      lanes.add(new WorkerLane(worker, schedule.firstStep()));
    }
  }

  @Override
  public void join(int worker, Runnable offer) {
    checkAlive();
    membership.check(worker);
    WorkerLane lane = lanes.get(worker);
    if (lane.hasBegun()) {
      throw StepRefusals.lateJoin(worker, lane.finishedSteps());
    }
    offer.run();
    membership.join(worker);
    advance();
  }

  @Override
  public CompletableFuture<StepInputs> forward(int worker, StepRequest request) {
    checkAlive();
    membership.checkActive(worker, request.step());
    WorkerLane lane = lanes.get(worker);
    StepRefusals.checkReach(
        worker, request.step(), lane.finishedSteps(), schedule.staleness().stepsAhead());
    CompletableFuture<StepInputs> answer = lane.roundOf(request.step()).ask(worker, request);
    advance();
    return answer;
  }

  @Override
  public CompletableFuture<Void> backward(int worker, StepGradients sent) {
    checkAlive();
    membership.checkActive(worker, sent.step());
    CompletableFuture<Void> answer = lanes.get(worker).give(sent);
    advance();
    return answer;
  }

  @Override
  public void leave(int worker, long nextStep) {
    long from = Math.max(nextStep, schedule.firstStep());
    if (failure != null || membership.hasLeft(worker, from)) {
      return;
    }
    if (lanes.get(worker).hasAskedFrom(from)) {
      throw StepRefusals.refused(
          worker, from, "it wants to leave before it, but has taken part in it");
    }
    membership.leave(worker, from);
    advance();
  }

  @Override
  public void fail(DicmException cause) {
    if (failure == null) {
      failure = cause;
      deadline.stop();
      lanes.forEach(lane -> lane.fail(cause));
    }
  }

  @Override
  public long finishedSteps() {
    return lanes.stream().mapToLong(WorkerLane::finishedSteps).max().orElseThrow();
  }

  @Override
  public long updates() {
    return lanes.stream().mapToLong(WorkerLane::finishedSteps).sum();
  }

  @Override
  public long waitMs() {
    return waitMs;
  }

  private void advance() {
    try {
      boolean again = true;
      while (again && failure == null) {
        again = passBarrier();
        for (WorkerLane lane : lanes) {
          again |= failure == null && (runForward(lane) || runBackward(lane));
        }
        if (again) {
          progressed = true;
          progressNs = System.nanoTime();
        }
      }
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      fail(StepRefusals.failure(slowest().finishedSteps(), e));
    }
    if (failure == null) {
      deadline.watch(lanes.stream().anyMatch(WorkerLane::isWaiting), progressed);
      progressed = false;
    }
  }

  /** Passes the barrier when every update before it is made and somebody has come so far. */
  private boolean passBarrier() {
    boolean reached = lanes.stream().anyMatch(lane -> lane.finishedSteps() >= barrier);
    boolean settled = lanes.stream().allMatch(this::isSettled);
    if (!reached || !settled) {
      return false;
    }
    finished.accept(barrier);
    barrier = schedule.barrierAfter(barrier);
    return true;
  }

  private boolean isSettled(WorkerLane lane) {
    return lane.finishedSteps() >= barrier
        || (membership.hasLeft(lane.worker(), lane.finishedSteps()) && !lane.isOpen());
  }

  private boolean runForward(WorkerLane lane) {
    Round round = lane.nextToStart(barrier);
    if (round == null || !membership.missingAt(schedule.firstStep()).isEmpty()) {
      return false;
    }
    waitMs += round.waitMs(progressNs);
    round.forward(computation);
    lane.started();
    return true;
  }

  private boolean runBackward(WorkerLane lane) {
    Round round = lane.nextToUpdate();
    if (round == null) {
      return false;
    }
    lane.updating(true);
    round
        .backward(lane.finishedSteps() * lanes.size() + lane.worker())
        .whenCompleteAsync((done, error) -> updated(lane, error), windowThread);
    return true;
  }

  private void updated(WorkerLane lane, Throwable error) {
    if (failure != null) {
      return;
    }
    if (error != null) {
      fail(StepRefusals.failure(lane.finishedSteps(), error));
      return;
    }
    try {
      lane.updating(false);
      lane.finishStep();
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      fail(StepRefusals.failure(lane.finishedSteps(), e));
      return;
    }
    progressed = true;
    progressNs = System.nanoTime();
    advance();
  }

  private void timedOut() {
    fail(StepRefusals.timedOut(slowest().finishedSteps(), lateness(), deadline.timeoutMs()));
  }

  private String lateness() {
    List<Integer> missing = membership.missingAt(schedule.firstStep());
    if (!missing.isEmpty()) {
      return "workers " + missing + " did not join";
    }
    return lanes.stream().anyMatch(WorkerLane::isUpdating)
        ? "other servers did not send their part of the sub-model's gradient"
        : "worker " + slowest().worker() + " did not come to the checkpoint";
  }

  private WorkerLane slowest() {
    WorkerLane slowest = lanes.get(0);
    for (WorkerLane lane : lanes) {
      boolean runs = !membership.hasLeft(lane.worker(), lane.finishedSteps());
      slowest = runs && lane.finishedSteps() < slowest.finishedSteps() ? lane : slowest;
    }
    return slowest;
  }

  private void checkAlive() {
    if (failure != null) {
      throw failure;
    }
  }
}
