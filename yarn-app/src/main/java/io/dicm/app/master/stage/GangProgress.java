package io.dicm.app.master.stage;

import io.dicm.app.master.membership.Membership;
import io.dicm.common.progress.ProgressListener;

/** A gang's progress as a stage's: what its members say, and how often it was started again. */
record GangProgress(ProgressListener progress, Restarts restarts) implements GangObserver {
  private static final int UNITS = 1000;

  @Override
  public void starting(String what) {
    progress.progress(0, UNITS, restarts.starting(what));
  }

  @Override
  public void working(Membership members) {
    progress.progress((long) (UNITS * members.fraction()), UNITS, restarts.working(members.note()));
  }
}
