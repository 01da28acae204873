package io.dicm.app.master.recovery;

import io.dicm.app.master.history.RunHistory;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this attempt of the application master has done so far, kept for the next one, which goes on
 * from there. Safe for use by many threads.
 */
public final class RunJournal {
  private static final Logger LOG = LoggerFactory.getLogger(RunJournal.class);

  private final RunStateStore store;
  private final RunHistory history;
  private final MasterAttempt attempt;
  private List<Long> countedRestartsMs = List.of();
  private TrainingState training;
  private boolean takenOver;

  public RunJournal(RunStateStore store, RunHistory history, MasterAttempt attempt) {
    this.store = store;
    this.history = history;
    this.attempt = attempt;
  }

  /**
   * Takes over from an earlier attempt: its stages that are done are done, and from now on it may
   * keep nothing any more.
   *
   * @return whether there was one that had begun
   */
  public synchronized boolean resume() throws IOException {
    if (attempt.isFirst()) {
      return false;
    }
    history.attempt(attempt.number());
    Optional<RunState> earlier = store.read();
    if (earlier.isPresent()) {
      RunState state = earlier.get();
      history.resume(state.history());
      countedRestartsMs = state.countedRestartsMs();
      training = state.training();
      LOG.info("Attempt {} goes on where attempt {} was", attempt.number(), state.attempt());
    }
    keep();
    return earlier.isPresent();
  }

  /** Whether a later attempt has taken over: this one must change nothing more. */
  public synchronized boolean isTakenOver() {
    return takenOver;
  }

  /** Which attempt this is. */
  public MasterAttempt attempt() {
    return attempt;
  }

  /** The training, when it has begun: in this attempt or an earlier one. */
  public synchronized Optional<TrainingState> training() {
    return Optional.ofNullable(training);
  }

  /** When gangs were started again at the cost of the budget. */
  public synchronized List<Long> countedRestartsMs() {
    return countedRestartsMs;
  }

  /** Keeps how the training is. */
  public synchronized void training(TrainingState now) throws IOException {
    training = now;
    keep();
  }

  /** Takes what the budget has spent; kept with the next state. */
  public synchronized void counted(List<Long> restartsMs) {
    countedRestartsMs = List.copyOf(restartsMs);
  }

  /**
   * Keeps all as it is now.
   *
   * @throws DicmException {@link ErrorCode#STALE_EPOCH} when a later attempt has taken over
   */
  public synchronized void keep() throws IOException {
    try {
      store.save(
          new RunState(
              RunState.VERSION, attempt.number(), countedRestartsMs, training, history.detailed()));
    } catch (DicmException e) {
      takenOver |= e.code() == ErrorCode.STALE_EPOCH;
      throw e;
    }
  }

  /** As {@link #keep}; what cannot be written would only be done again by the next attempt. */
  public void keepIfPossible() {
    try {
      keep();
    } catch (IOException e) {
      LOG.warn("Cannot keep the state of the run: {}", e.getMessage());
    } catch (DicmException e) {
      if (e.code() == ErrorCode.STALE_EPOCH) {
        throw e;
      }
      LOG.warn("Cannot keep the state of the run: {}", e.getMessage());
    }
  }
}
