package io.dicm.app.cli;

import io.dicm.common.error.DicmException;
import io.dicm.trainer.ablation.AblationProgress;
import io.dicm.trainer.ablation.PlannedRun;
import java.io.PrintStream;

/** Says on stderr which run of an ablation begins, is there already, is done, or failed. */
final class AblationLines implements AblationProgress {
  private final PrintStream out;
  private final int runs;
  private int begun;

  /**
   * @param runs of the plan
   */
  AblationLines(PrintStream out, int runs) {
    this.out = out;
    this.runs = runs;
  }

  @Override
  public void started(PlannedRun run) {
    begun++;
    say(run, "begins");
  }

  @Override
  public void skipped(PlannedRun run) {
    begun++;
    say(run, "is there already");
  }

  @Override
  public void done(PlannedRun run) {
    say(run, "is done");
  }

  @Override
  public void failed(PlannedRun run, Throwable cause) {
    say(
        run,
        "failed, no other is started: "
            + (cause instanceof DicmException known ? known.oneLine() : cause.toString()));
  }

  private void say(PlannedRun run, String what) {
    out.printf("[%d of %d] %s %s%n", begun, runs, run.name(), what);
    out.flush();
  }
}
