package io.dicm.app.master.stage;

import io.dicm.app.pipeline.StageName;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;

/** One step of the pipeline, which publishes its output whole or not at all. */
interface Stage {
  StageName name();

  /**
   * Does the stage's work.
   *
   * @throws io.dicm.common.error.DicmException when it cannot be done
   * @throws InterruptedException when the application is ended; what runs is then stopped
   */
  StageResult run(ProgressListener progress) throws IOException, InterruptedException;
}
