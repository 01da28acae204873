package io.dicm.ams.window;

import io.dicm.ams.client.StepGradients;
import io.dicm.common.error.DicmException;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** One worker's steps in an {@link AsynchronousWindow}. */
final class WorkerLane {
  private final int worker;
  private final long firstStep;
  private final SortedMap<Long, Round> rounds = new TreeMap<>();
  private Round lastFinished;
  private long nextForward;
  private long finishedSteps;
  private boolean updating;

  WorkerLane(int worker, long firstStep) {
    this.worker = worker;
    this.firstStep = firstStep;
    this.nextForward = firstStep;
    this.finishedSteps = firstStep;
  }

  int worker() {
    return worker;
  }

  long finishedSteps() {
    return finishedSteps;
  }

  boolean hasBegun() {
    return finishedSteps > firstStep || !rounds.isEmpty();
  }

  /** Whether a step is under way. */
  boolean isOpen() {
    return !rounds.isEmpty();
  }

  boolean isWaiting() {
    return rounds.values().stream().anyMatch(Round::isWaitedFor);
  }

  Round roundOf(long step) {
    return rounds.computeIfAbsent(step, Round::new);
  }

  CompletableFuture<Void> give(StepGradients sent) {
    if (sent.step() == finishedSteps - 1 && lastFinished != null) {
      return lastFinished.given(worker);
    }
    if (sent.step() < finishedSteps) {
      throw StepRefusals.refused(worker, sent.step(), "the server is at step " + finishedSteps);
    }
    if (!rounds.containsKey(sent.step())) {
      throw StepRefusals.refused(worker, sent.step(), "it sent gradients before it was answered");
    }
    return rounds.get(sent.step()).give(worker, sent);
  }

  boolean hasAskedFrom(long step) {
    return step < finishedSteps || !rounds.tailMap(step).isEmpty();
  }

  /** The step that can start now, or null; none from the barrier on. */
  Round nextToStart(long barrier) {
    return nextForward >= barrier ? null : rounds.get(nextForward);
  }

  void started() {
    nextForward++;
  }

  /** The step that can be updated now, or null. */
  Round nextToUpdate() {
    Round oldest = rounds.get(finishedSteps);
    return updating || oldest == null || !oldest.hasAllGradients() ? null : oldest;
  }

  boolean isUpdating() {
    return updating;
  }

  void updating(boolean now) {
    updating = now;
  }

  void finishStep() {
    lastFinished = rounds.remove(finishedSteps);
    finishedSteps++;
    lastFinished.finish();
  }

  void fail(DicmException cause) {
    rounds.values().forEach(round -> round.fail(cause));
    rounds.clear();
  }
}
