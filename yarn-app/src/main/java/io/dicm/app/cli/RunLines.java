package io.dicm.app.cli;

import io.dicm.app.client.ApplicationProgress;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.history.StageRecord;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;

/** Shows one of several runs: a line for each stage that has ended, with the run's name. */
final class RunLines implements ApplicationProgress {
  private final PrintStream out;
  private final String run;
  private final Set<String> ended = new HashSet<>();

  RunLines(PrintStream out, String run) {
    this.out = out;
    this.run = run;
  }

  @Override
  public void waiting(String applicationId, String queue) {}

  @Override
  public void running(RunSnapshot snapshot) {
    for (StageRecord stage : snapshot.stages()) {
      if (stage.finishedAtMs() > 0 && ended.add(stage.stage())) {
        out.println(run + ": " + RunProgress.endLine(stage));
      }
    }
  }

  @Override
  public void ended() {}
}
