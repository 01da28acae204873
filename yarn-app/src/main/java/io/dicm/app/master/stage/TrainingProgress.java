package io.dicm.app.master.stage;

import io.dicm.app.master.checkpoint.CheckpointCoordinator;
import io.dicm.app.master.membership.Membership;
import io.dicm.app.master.stop.TrainingEnd;
import io.dicm.common.error.DicmException;
import io.dicm.common.progress.ProgressListener;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one incarnation of a training: tells how far it is and how often it was restarted, and
 * has checkpoints committed.
 *
 * @param coordinator nothing when there are no checkpoints
 * @param journal kept before a checkpoint is committed
 * @param end by which the training ends on request
 */
record TrainingProgress(
    ProgressListener progress,
    Restarts restarts,
    Optional<CheckpointCoordinator> coordinator,
    TrainingJournal journal,
    TrainingEnd end)
    implements GangObserver {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingProgress.class);

  @Override
  public void starting(String what) {
    new GangProgress(progress, restarts).starting(what);
  }

  @Override
  public void working(Membership members) throws InterruptedException {
    tell(members);
    end.check(
        coordinator.isPresent()
            ? OptionalLong.of(coordinator.get().committed())
            : OptionalLong.empty());
  }

  private void tell(Membership members) {
    coordinator.ifPresent(all -> commit(all, members.checkpointSteps()));
    new GangProgress(progress, restarts).working(members);
  }

  private void commit(CheckpointCoordinator checkpoints, List<Long> steps) {
    if (checkpoints.isDue(steps)) {
      journal.keep();
      checkpoints.reported(steps);
    }
  }

  /** The model is complete, whatever becomes of its last checkpoint. */
  @Override
  public void finished(Membership members) {
    try {
      tell(members);
    } catch (DicmException e) {
      LOG.warn("The last checkpoint was not committed: {}", e.oneLine());
    }
  }
}
