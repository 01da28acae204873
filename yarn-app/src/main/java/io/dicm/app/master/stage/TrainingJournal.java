package io.dicm.app.master.stage;

import io.dicm.app.master.checkpoint.WarmStart;
import io.dicm.app.master.recovery.BegunFrom;
import io.dicm.app.master.recovery.RunJournal;
import io.dicm.app.master.recovery.TrainingState;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.lease.LeaseLedger;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps of a training what the master's next attempt needs to go on with it, and tells what an
 * earlier one kept. For one thread.
 */
final class TrainingJournal {
  private final RunJournal journal;
  private final Optional<TrainingState> earlier;
  private final Optional<WarmStart> warm;
  private final Optional<LeaseLedger> leases;
  private Restarts restarts = Restarts.NONE;

  /**
   * @param warm what the training began with; nothing for initial values
   * @param leases of its samples; nothing where workers read equal shares
   */
  TrainingJournal(RunJournal journal, Optional<WarmStart> warm, Optional<LeaseLedger> leases) {
    this.journal = journal;
    this.earlier = journal.training();
    this.warm = warm;
    this.leases = leases;
  }

  /** Whether an earlier attempt of the master had begun the training. */
  boolean goesOn() {
    return earlier.isPresent();
  }

  /** The number of the first incarnation of the gang in this attempt. */
  long firstEpoch() {
    return journal.attempt().firstEpoch();
  }

  /**
   * Restarts in earlier attempts, the loss of the master included.
   *
   * @param step from which this attempt goes on
   */
  Restarts restarts(long step) {
    return earlier
        .map(
            state ->
                new Restarts(state.restarts(), state.lastStep(), state.lastCause())
                    .another(
                        step,
                        ErrorCode.CONTAINER_FAILED
                            + ": The application master was lost in attempt "
                            + (journal.attempt().number() - 1)
                            + "."))
        .orElse(Restarts.NONE);
  }

  /** Keeps that a gang is about to start. */
  void restarted(Restarts now, RestartBudget budget) throws IOException {
    restarts = now;
    journal.counted(budget.countedMs());
    journal.training(state());
  }

  /**
   * Keeps who has which samples. To be called before a checkpoint is committed: all that the
   * checkpoint has learned from is then known to the next attempt.
   *
   * @throws DicmException {@link ErrorCode#STALE_EPOCH} when a later attempt of the master has
   *     taken over, {@link ErrorCode#STORAGE_FAILED}
   */
  void keep() {
    try {
      journal.training(state());
    } catch (IOException e) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED, "Cannot keep the state of the run: " + e.getMessage(), e);
    }
  }

  private TrainingState state() {
    return new TrainingState(
        restarts.count(),
        restarts.step(),
        restarts.cause(),
        leases.map(LeaseLedger::taken).orElse(Map.of()),
        warm.map(BegunFrom::of).orElse(null));
  }
}
