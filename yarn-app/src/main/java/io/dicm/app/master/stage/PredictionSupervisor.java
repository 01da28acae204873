package io.dicm.app.master.stage;

import io.dicm.app.master.recovery.RunJournal;
import io.dicm.common.error.DicmException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a prediction to its end: when its gang fails and a restart may mend that, another one
 * scores all impressions again. It takes minutes where a training takes hours, so it has no
 * checkpoints.
 */
final class PredictionSupervisor {
  private static final Logger LOG = LoggerFactory.getLogger(PredictionSupervisor.class);
  private static final String WHAT = "prediction";

  private final Attempt attempt;
  private final RestartBudget budget;
  private final MemoryGrowth growth;
  private final RunJournal journal;

  /** One gang. */
  @FunctionalInterface
  interface Attempt {
    /** Predicts and publishes, or fails and publishes nothing. */
    GangOutcome run(Restarts restarts) throws IOException, InterruptedException;
  }

  /**
   * @param budget of the application
   * @param growth of the gang's containers
   * @param journal told what the budget has spent
   */
  PredictionSupervisor(
      Attempt attempt, RestartBudget budget, MemoryGrowth growth, RunJournal journal) {
    this.attempt = attempt;
    this.budget = budget;
    this.growth = growth;
    this.journal = journal;
  }

  /**
   * Predicts.
   *
   * @return what it took
   * @throws DicmException the cause of the last failure, when it is not worth or not allowed to try
   *     again
   */
  Restarts run() throws IOException, InterruptedException {
    Restarts restarts = Restarts.NONE;
    while (true) {
      GangOutcome outcome = attempt(restarts);
      if (!(outcome instanceof GangOutcome.Failed failed)) {
        return restarts;
      }
      DicmException cause = failed.cause();
      if (!budget.take(growth.recovery(failed), Restarts.NO_STEP)) {
        throw new DicmException(cause.code(), restarts.failed(WHAT, cause.getMessage()), cause);
      }
      restarts = restarts.another(Restarts.NO_STEP, cause.oneLine());
      journal.counted(budget.countedMs());
      journal.keepIfPossible();
      LOG.warn(
          "The prediction is started again (restart {}) after: {}",
          restarts.count(),
          cause.oneLine(),
          cause);
    }
  }

  private GangOutcome attempt(Restarts restarts) throws IOException, InterruptedException {
    try {
      return attempt.run(restarts);
    } catch (DicmException e) {
      throw restarts.notAgain(WHAT, e);
    }
  }
}
