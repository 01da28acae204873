package io.dicm.app.master.stage;

import io.dicm.app.master.checkpoint.CheckpointCoordinator;
import io.dicm.app.master.membership.Membership;
import io.dicm.common.progress.ProgressListener;
import java.util.Optional;

/**
 * Watches one incarnation of a training: tells how far it is and how often it was restarted, and
 * has checkpoints committed.
 *
 * @param coordinator nothing when there are no checkpoints
 */
record TrainingProgress(
    ProgressListener progress, Restarts restarts, Optional<CheckpointCoordinator> coordinator)
    implements GangObserver {
  @Override
  public void starting(String what) {
    new GangProgress(progress).starting(restarts.starting(what));
  }

  @Override
  public void working(Membership members) {
    coordinator.ifPresent(all -> all.reported(members.checkpointSteps()));
    new GangProgress((done, total, note) -> progress.progress(done, total, restarts.working(note)))
        .working(members);
  }
}
