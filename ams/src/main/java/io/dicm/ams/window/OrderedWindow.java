package io.dicm.ams.window;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.common.error.DicmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;

/**
 * Brings the workers of each step together: runs a step's forward half when all active workers have
 * asked, its backward half when all of those have sent gradients. The halves of all steps run in
 * one order, which the {@link StepSchedule} gives and arrivals do not change: with a staleness of 1
 * forward 0, forward 1, backward 0, forward 2, backward 1 and so on.
 */
public final class OrderedWindow implements StepWindow {
  private final StepSchedule schedule;
  private final StepComputation computation;
  private final Membership membership;
  private final WindowDeadline deadline;
  private final Executor windowThread;
  private final LongConsumer finished;

  /** Steps that somebody has asked for and whose update is not made yet. */
  private final SortedMap<Long, Round> rounds = new TreeMap<>();

  /** The last update of each worker: its answer may have been lost on the way. */
  private final Map<Integer, GivenStep> lastGiven = new HashMap<>();

  private long finishedSteps;
  private long nextForward;
  private boolean updating;
  private boolean progressed;
  private long progressNs = System.nanoTime();
  private DicmException failure;
  private long waitMs;

  private record GivenStep(long step, CompletableFuture<Void> answer) {}

  /**
   * @param workers how many workers take part from the first step
   * @param timeoutMs longest time in which somebody waits and nothing happens
   * @param timer runs deadlines on the window's thread
   * @param windowThread runs what follows an update on the window's thread
   * @param finished told the number of finished steps after each, on the window's thread, before
   *     anything else runs
   */
  public OrderedWindow(
      int workers,
      StepSchedule schedule,
      long timeoutMs,
      StepComputation computation,
      WindowTimer timer,
      Executor windowThread,
      LongConsumer finished) {
    this.schedule = schedule;
    this.finishedSteps = schedule.firstStep();
    this.nextForward = schedule.firstStep();
    this.finished = finished;
    this.membership = new Membership(workers);
    this.computation = computation;
    this.windowThread = windowThread;
    this.deadline = new WindowDeadline(timer, timeoutMs, this::timedOut);
  }

  @Override
  public void join(int worker, Runnable offer) {
    checkAlive();
    boolean asked = rounds.values().stream().anyMatch(round -> round.hasAsked(worker));
    if (finishedSteps > schedule.firstStep() || asked) {
      throw StepRefusals.lateJoin(worker, finishedSteps);
    }
    membership.check(worker);
    offer.run();
    membership.join(worker);
  }

  @Override
  public CompletableFuture<StepInputs> forward(int worker, StepRequest request) {
    checkAlive();
    membership.checkActive(worker, request.step());
    StepRefusals.checkReach(
        worker, request.step(), finishedSteps, schedule.staleness().stepsAhead());
    Round round = rounds.computeIfAbsent(request.step(), Round::new);
    CompletableFuture<StepInputs> answer = round.ask(worker, request);
    advance();
    return answer;
  }

  @Override
  public CompletableFuture<Void> backward(int worker, StepGradients sent) {
    checkAlive();
    GivenStep last = lastGiven.get(worker);
    if (last != null && last.step == sent.step()) {
      return last.answer;
    }
    StepRefusals.checkReach(worker, sent.step(), finishedSteps, schedule.staleness().stepsAhead());
    Round round = rounds.get(sent.step());
    if (round == null) {
      throw StepRefusals.refused(worker, sent.step(), "it sent gradients before it was answered");
    }
    CompletableFuture<Void> answer = round.give(worker, sent);
    advance();
    return answer;
  }

  @Override
  public void leave(int worker, long nextStep) {
    long from = Math.max(nextStep, schedule.firstStep());
    if (failure != null || membership.hasLeft(worker, from)) {
      return;
    }
    boolean tookPart = rounds.tailMap(from).values().stream().anyMatch(r -> r.hasAsked(worker));
    if (from < finishedSteps || tookPart) {
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
      rounds.values().forEach(round -> round.fail(cause));
      rounds.clear();
    }
  }

  @Override
  public long finishedSteps() {
    return finishedSteps;
  }

  @Override
  public long updates() {
    return finishedSteps;
  }

  @Override
  public long waitMs() {
    return waitMs;
  }

  /** Runs whatever is due. */
  private void advance() {
    try {
      while (failure == null && (runForward() || runBackward())) {
        progress();
      }
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      fail(StepRefusals.failure(nextForward, e));
    }
    if (failure == null) {
      deadline.watch(rounds.values().stream().anyMatch(Round::isWaitedFor), progressed);
      progressed = false;
    }
  }

  private void progress() {
    progressed = true;
    progressNs = System.nanoTime();
  }

  private boolean runForward() {
    Round round = rounds.get(nextForward);
    if (round == null
        || schedule.updatesBefore(nextForward) > finishedSteps
        || !round.askers().equals(membership.activeAt(nextForward))) {
      return false;
    }
    waitMs += round.waitMs(progressNs);
    round.forward(computation);
    nextForward++;
    return true;
  }

  private boolean runBackward() {
    Round round = rounds.get(finishedSteps);
    if (updating || round == null || !round.hasAllGradients() || !laterOnesHaveStarted()) {
      return false;
    }
    waitMs += round.waitMs(progressNs);
    updating = true;
    round
        .backward(finishedSteps)
        .whenCompleteAsync((done, error) -> updated(round, error), windowThread);
    return true;
  }

  /** Whether every step has started that starts before the update that is next. */
  private boolean laterOnesHaveStarted() {
    return nextForward > schedule.lastStartedBefore(finishedSteps)
        || membership.activeAt(nextForward).isEmpty();
  }

  private void updated(Round round, Throwable error) {
    if (failure != null) {
      return;
    }
    try {
      if (error != null) {
        throw StepRefusals.failure(finishedSteps, error);
      }
      finished.accept(finishedSteps + 1);
      rounds.remove(finishedSteps);
      long step = finishedSteps;
      round
          .askers()
          .forEach(worker -> lastGiven.put(worker, new GivenStep(step, round.given(worker))));
      finishedSteps++;
      updating = false;
      progress();
      round.finish();
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      DicmException cause = StepRefusals.failure(finishedSteps, e);
      round.fail(cause);
      fail(cause);
    }
    advance();
  }

  private void timedOut() {
    Round oldest = rounds.get(finishedSteps);
    if (updating) {
      failLate(finishedSteps, "other servers did not send their part of the sub-model's gradient");
    } else if (oldest != null && oldest.hasSomeGradients() && !oldest.hasAllGradients()) {
      failLate(finishedSteps, missingGradients(oldest));
    } else if (!missingWorkers().isEmpty()) {
      failLate(nextForward, "workers " + missingWorkers() + " did not ask for it");
    } else {
      failLate(finishedSteps, missingGradients(oldest));
    }
  }

  private void failLate(long step, String why) {
    fail(StepRefusals.timedOut(step, why, deadline.timeoutMs()));
  }

  private static String missingGradients(Round round) {
    return "workers " + round.withoutGradients() + " did not send their gradients";
  }

  private List<Integer> missingWorkers() {
    Round round = rounds.get(nextForward);
    return membership.activeAt(nextForward).stream()
        .filter(worker -> round == null || !round.hasAsked(worker))
        .toList();
  }

  private void checkAlive() {
    if (failure != null) {
      throw failure;
    }
  }
}
