package io.dicm.app.master.stage;

import io.dicm.app.master.checkpoint.StartPoint;
import java.io.IOException;

/** One incarnation of a training's gang. */
@FunctionalInterface
interface TrainingAttempt {
  /**
   * Trains from a beginning to the published model, or to a failure.
   *
   * @param epoch the incarnation's number, 1 for the first, larger for each later one
   * @param restarts before this one
   */
  GangOutcome run(long epoch, StartPoint start, Restarts restarts)
      throws IOException, InterruptedException;
}
