package io.dicm.app.master.stage;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.app.master.checkpoint.CheckpointStore;
import io.dicm.app.master.checkpoint.StartPoint;
import io.dicm.common.error.DicmException;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a training to its end: when its gang fails and a restart may mend that, a new one goes on
 * from the last checkpoint, or begins again where there is none.
 */
final class TrainingSupervisor {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingSupervisor.class);
  private static final String WHAT = "training";

  private final TrainingAttempt attempt;
  private final CheckpointStore store;
  private final RestartBudget budget;
  private final MemoryGrowth growth;
  private final StartPoint beginning;
  private final TrainingJournal journal;

  /**
   * @param store of this application's own checkpoints alone
   * @param growth of the gang's containers
   * @param beginning of the training, as long as there is no checkpoint of it
   * @param journal of the training, for the master's next attempt
   */
  TrainingSupervisor(
      TrainingAttempt attempt,
      CheckpointStore store,
      RestartBudget budget,
      MemoryGrowth growth,
      StartPoint beginning,
      TrainingJournal journal) {
    this.attempt = attempt;
    this.store = store;
    this.budget = budget;
    this.growth = growth;
    this.beginning = beginning;
    this.journal = journal;
  }

  /**
   * Trains.
   *
   * @return what it took
   * @throws DicmException the cause of the last failure, when it is not worth or not allowed to try
   *     again
   */
  Restarts run() throws IOException, InterruptedException {
    StartPoint start = journal.goesOn() ? next() : beginning;
    Restarts restarts = journal.restarts(start.firstStep());
    journal.restarted(restarts, budget);
    for (long epoch = journal.firstEpoch(); ; epoch++) {
      GangOutcome outcome = attempt(epoch, start, restarts);
      if (!(outcome instanceof GangOutcome.Failed failed)) {
        return restarts;
      }
      DicmException cause = failed.cause();
      start = next();
      if (!budget.take(growth.recovery(failed), start.firstStep())) {
        throw new DicmException(cause.code(), restarts.failed(WHAT, cause.getMessage()), cause);
      }
      restarts = restarts.another(start.firstStep(), cause.oneLine());
      journal.restarted(restarts, budget);
      LOG.warn(
          "The training is started again (restart {}) from step {} after: {}",
          restarts.count(),
          start.firstStep(),
          cause.oneLine(),
          cause);
    }
  }

  private GangOutcome attempt(long epoch, StartPoint start, Restarts restarts)
      throws IOException, InterruptedException {
    try {
      return attempt.run(epoch, start, restarts);
    } catch (DicmException e) {
      throw restarts.notAgain(WHAT, e);
    }
  }

  private StartPoint next() throws IOException {
    Optional<Checkpoint> newest = store.newest();
    if (newest.isEmpty()) {
      return beginning;
    }
    long steps = newest.get().manifest().steps();
    return new StartPoint.Resumed(store.directory(steps), steps);
  }
}
