package io.dicm.app.master.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.app.master.history.RunHistory;
import io.dicm.app.master.membership.Recovery;
import io.dicm.app.master.recovery.MasterAttempt;
import io.dicm.app.master.recovery.RunJournal;
import io.dicm.app.master.recovery.RunStateStore;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestPredictionSupervisor {
  @TempDir java.nio.file.Path staging;

  private final Deque<GangOutcome> outcomes = new ArrayDeque<>();
  private final DicmException died =
      new DicmException(ErrorCode.CONTAINER_FAILED, "The container of predictor 0 ended.");

  @Test
  void anotherGangScoresAgainAndTheBudgetIsKept() throws Exception {
    outcomes.add(new GangOutcome.Failed(died, Recovery.RESTART));
    outcomes.add(new GangOutcome.Finished());
    RunJournal journal = journal();

    Restarts restarts = run(1, journal);

    assertThat(restarts.done("60 impressions scored"))
        .isEqualTo(
            "60 impressions scored; restarted once, last after: CONTAINER_FAILED: The container of predictor 0 ended.");
    assertThat(restarts.starting("waiting for containers"))
        .isEqualTo(
            "starting again after: CONTAINER_FAILED: The container of predictor 0 ended. (waiting for containers)");
    assertThat(journal.countedRestartsMs()).containsExactly(9L);
    assertThat(outcomes).isEmpty();
  }

  @Test
  void givesUpWhenTheBudgetIsSpent() {
    outcomes.add(new GangOutcome.Failed(died, Recovery.RESTART));
    outcomes.add(new GangOutcome.Failed(died, Recovery.RESTART));

    assertThatThrownBy(() -> run(1, journal()))
        .hasMessage("The container of predictor 0 ended. The prediction had been restarted once.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONTAINER_FAILED);
  }

  private Restarts run(int restarts, RunJournal journal) throws Exception {
    return new PredictionSupervisor(
            before -> outcomes.remove(),
            new RestartBudget(restarts, Duration.ZERO, () -> 9, List.of()),
            new MemoryGrowth(1, 4096),
            journal)
        .run();
  }

  private RunJournal journal() {
    return new RunJournal(
        new RunStateStore(new Configuration(), new Path(staging.toUri())),
        new RunHistory(
            "application_1_0001",
            new PipelineSettings(
                "daily",
                null,
                new Workspace(new Path("/w")),
                "2026-07-01",
                "a",
                List.of(StageName.PREDICT)),
            () -> 5),
        new MasterAttempt(1));
  }
}
