package io.dicm.trainer.fault;

import io.dicm.common.security.ApplicationSecret;
import io.dicm.trainer.TrainedState;
import io.dicm.trainer.fault.FaultKind.Effect;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains in spite of faults, as an application master would: starts a gang, watches it, commits its
 * checkpoints, and after a fault starts the next one from the last checkpoint. For one thread.
 */
final class Supervisor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

  /** Beyond all limits of the processes themselves: who is silent for longer hangs. */
  private static final long SILENCE_BEYOND_CALLS_MS = 20_000;

  /** About how long a commit takes, and as long again. */
  private static final long COMMIT_MS = 200;

  private final FaultSettings settings;
  private final Deque<PlannedFault> faults;
  private final ApplicationSecret secret = ApplicationSecret.generate();
  private final Links links = new Links();
  private final Sleepers sleepers = new Sleepers();
  private final Checkpoints checkpoints;
  private final FaultReport report = new FaultReport();
  private final Striker striker;
  private final long pauseMs;
  private final List<Member> everybody = new ArrayList<>();

  /** The fault of this epoch by which it ends, or may end. */
  private PlannedFault struck;

  private long struckAtNs;

  /** A fault that waits for the next checkpoint. */
  private PlannedFault armed;

  /**
   * @param faults by step
   * @param pauseMs length of pauses that nobody waits for
   */
  Supervisor(FaultSettings settings, List<PlannedFault> faults, long pauseMs) throws IOException {
    this.settings = settings;
    this.faults = new ArrayDeque<>(faults);
    this.checkpoints = new Checkpoints(settings);
    this.pauseMs = pauseMs;
    this.striker = new Striker(sleepers, pauseMs, settings.windowTimeoutMs() / 4, report);
  }

  FaultReport report() {
    return report;
  }

  /** Trains to the end. */
  TrainedState train() throws IOException, InterruptedException {
    boolean finished = false;
    for (long epoch = 1; !finished; epoch++) {
      Gang gang = new Gang(settings, secret, epoch, checkpoints.last(), links);
      report.epochStarted();
      struck = null;
      try {
        gang.start();
        finished = watch(gang);
      } finally {
        everybody.addAll(gang.all());
      }
    }
    sleepers.awaitAll(pauseMs + 2 * silenceLimitMs());
    noteFailures();
    return checkpoints.finalState();
  }

  /** Until the gang has finished, or has ended without that. */
  private boolean watch(Gang gang) throws IOException, InterruptedException {
    int done = 0;
    while (true) {
      Events.Event event = gang.events().next(silenceLimitMs());
      switch (event.word()) {
        case STEP -> stepDone(gang, event.number());
        case WRITING -> killWhileWriting(gang);
        case WROTE -> {
          if (checkpoints.wrote(gang.epoch(), event.number(), event.member().index())
              && !commit(gang, event.number())) {
            end(gang);
            return false;
          }
        }
        case DONE -> {
          done++;
          if (done == FaultSettings.WORKERS) {
            finish(gang);
            return true;
          }
        }
        case FAILED -> {
          requireFault(event);
          end(gang);
          return false;
        }
        case EXITED -> {
          if (!event.value().equals("0")) {
            requireFault(event);
            end(gang);
            return false;
          }
        }
        case LISTENING, READY -> throw new AssertionError(event + " after the start");
      }
    }
  }

  /**
   * Before an epoch's first step nobody has taken part, and who comes anew is no newcomer.
   *
   * @param step of the whole training; workers tell those too that the checkpoint has
   */
  private void stepDone(Gang gang, long step) throws IOException, InterruptedException {
    if (step > gang.checkpoint()) {
      strikeDue(gang, step);
    }
  }

  private long silenceLimitMs() {
    return settings.callTimeoutMs() + SILENCE_BEYOND_CALLS_MS;
  }

  private void requireFault(Events.Event event) {
    if (struck == null) {
      throw new AssertionError(
          event.member() + " " + event.word() + " " + event.value() + " without a fault");
    }
  }

  private boolean isEnding() {
    return struck != null && struck.kind().effect() == Effect.LASTING;
  }

  private void strikeDue(Gang gang, long step) throws IOException, InterruptedException {
    while (!isEnding() && armed == null && !faults.isEmpty() && faults.peek().step() <= step) {
      PlannedFault fault = faults.remove();
      LOG.info("Epoch {} step {}: {}", gang.epoch(), step, fault);
      switch (fault.kind()) {
        case KILL_WHILE_WRITING, KILL_COMMIT -> armed = fault;
        default -> {
          note(fault);
          striker.strike(fault, gang);
        }
      }
    }
  }

  private void note(PlannedFault fault) {
    report.struck(fault.kind());
    if (fault.kind().effect() != Effect.HARMLESS) {
      struck = fault;
      struckAtNs = System.nanoTime();
    }
  }

  private void killWhileWriting(Gang gang) {
    if (armed != null && armed.kind() == FaultKind.KILL_WHILE_WRITING) {
      gang.server(armed.victim()).process().kill();
      note(armed);
      armed = null;
    }
  }

  /** Commits a checkpoint; gives whether the gang can go on. */
  private boolean commit(Gang gang, long step) throws IOException, InterruptedException {
    if (armed == null || armed.kind() != FaultKind.KILL_COMMIT) {
      checkpoints.commit(gang.epoch(), step);
      return true;
    }
    note(armed);
    checkpoints.commitAndKill(gang.epoch(), step, (long) (armed.fraction() * COMMIT_MS));
    report.outcome(checkpoints.isCommitted(step) ? "killed after commit" : "killed before commit");
    armed = null;
    return false;
  }

  private void end(Gang gang) throws InterruptedException {
    // After a killed commit nobody has a reason to end.
    if (struck.patient() && struck.kind() != FaultKind.KILL_COMMIT) {
      gang.awaitOwnEnd();
    }
    gang.terminate();
    report.ended(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - struckAtNs));
  }

  private void finish(Gang gang) throws IOException, InterruptedException {
    gang.finish();
    while (!checkpoints.isCommitted(settings.steps())) {
      Events.Event event = gang.events().next(silenceLimitMs());
      if (event.word() == Word.WROTE
          && checkpoints.wrote(gang.epoch(), event.number(), event.member().index())) {
        checkpoints.commit(gang.epoch(), event.number());
      }
    }
  }

  /** Counts the errors that processes have ended with. */
  private void noteFailures() {
    for (Member member : everybody) {
      if (!member.failureCode().isEmpty()) {
        String paused = member.wasPaused() ? "paused " : "";
        report.outcome(paused + member.role() + " " + member.failureCode());
      }
    }
  }

  /** Kills whoever is left. */
  @Override
  public void close() throws IOException {
    sleepers.close();
    everybody.forEach(member -> member.process().kill());
    links.close();
  }

  /** Whether a process still lives. */
  boolean hasSurvivors() {
    return everybody.stream().anyMatch(member -> member.process().isAlive());
  }
}
