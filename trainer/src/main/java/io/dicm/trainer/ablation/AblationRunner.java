package io.dicm.trainer.ablation;

import java.io.IOException;

/** Does single runs of an ablation. Called by many threads, each with a run of its own. */
public interface AblationRunner {
  /**
   * Whether the run's outputs are there, and were made with the settings of now. Asked when the
   * runs that it comes after are done.
   */
  boolean isDone(PlannedRun run) throws IOException;

  /**
   * Does it.
   *
   * @throws io.dicm.common.error.DicmException why it failed; other exceptions are unexpected
   */
  void run(PlannedRun run) throws Exception;
}
