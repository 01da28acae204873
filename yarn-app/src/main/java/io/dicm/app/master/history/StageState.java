package io.dicm.app.master.history;

/** How far a stage has come. */
public enum StageState {
  WAITING,
  RUNNING,
  SUCCEEDED,
  /** There was nothing to do. */
  SKIPPED,
  FAILED
}
