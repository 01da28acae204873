package io.dicm.app.cli;

import io.dicm.app.client.ApplicationProgress;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.history.StageRecord;
import io.dicm.app.master.history.StageState;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Shows a run's stages: a bar for the one that runs, a line for each that has ended. */
final class RunProgress implements ApplicationProgress {
  private final ProgressBar bar;
  private final Set<String> ended = new HashSet<>();

  RunProgress(ProgressBar bar) {
    this.bar = bar;
  }

  @Override
  public void waiting(String applicationId, String queue) {
    bar.show("starting", 0, applicationId + " waits in queue " + queue);
  }

  @Override
  public void running(RunSnapshot run) {
    for (StageRecord stage : run.stages()) {
      if (stage.finishedAtMs() > 0 && ended.add(stage.stage())) {
        bar.say(endLine(stage));
      }
    }
    run.stages().stream()
        .filter(stage -> stage.state() == StageState.RUNNING)
        .forEach(stage -> bar.show(stage.stage(), stage.fraction(), stage.detail()));
  }

  @Override
  public void ended() {
    bar.clear();
  }

  /** Of a stage that has ended. */
  static String endLine(StageRecord stage) {
    String mark =
        switch (stage.state()) {
          case FAILED -> "failed";
          case SKIPPED -> "skipped";
          default -> "done";
        };
    return String.format(
            Locale.ROOT,
            "%-12s %-7s %6.1f s  %s",
            stage.stage(),
            mark,
            stage.tookMs() / 1000.0,
            stage.state() == StageState.FAILED ? "" : stage.detail())
        .stripTrailing();
  }
}
