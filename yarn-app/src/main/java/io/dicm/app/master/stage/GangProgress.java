package io.dicm.app.master.stage;

import io.dicm.app.master.membership.Membership;
import io.dicm.common.progress.ProgressListener;

/** A gang's progress as a stage's: what its members say. */
record GangProgress(ProgressListener progress) implements GangObserver {
  private static final int UNITS = 1000;

  @Override
  public void starting(String what) {
    progress.progress(0, UNITS, what);
  }

  @Override
  public void working(Membership members) {
    progress.progress((long) (UNITS * members.fraction()), UNITS, members.note());
  }
}
