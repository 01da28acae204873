package io.dicm.trainer.ablation;

/** Shown how an ablation goes on. Called by one thread. */
public interface AblationProgress {
  /** A run begins. */
  void started(PlannedRun run);

  /** A run was done by an earlier call. */
  void skipped(PlannedRun run);

  /** A run is done. */
  void done(PlannedRun run);

  /** A run failed; no other is started any more. */
  void failed(PlannedRun run, Throwable cause);
}
