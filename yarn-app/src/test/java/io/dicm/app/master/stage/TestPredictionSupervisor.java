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
  private final DicmException lacksGpu =
      new DicmException(ErrorCode.GPU_UNAVAILABLE, "Cannot compute on a GPU of a without cuDNN 9.");
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

  @Test
  void aNodeWithoutItsGpuSoftwareIsNotTheEnd() throws Exception {
    outcomes.add(new GangOutcome.Failed(lacksGpu, Recovery.ELSEWHERE));
    outcomes.add(new GangOutcome.Finished());
    RunJournal journal = journal();

    run(1, journal);

    assertThat(journal.countedRestartsMs()).hasSize(1);
  }

  @Test
  void withoutAnotherNodeTheContainersOwnSentenceIsTheEnd() {
    outcomes.add(new GangOutcome.Failed(lacksGpu, Recovery.NONE));

    assertThatThrownBy(() -> run(1, journal()))
        .hasMessage("Cannot compute on a GPU of a without cuDNN 9.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.GPU_UNAVAILABLE);
  }

  @Test
  void saysWhyAnotherGangWasNeededThatTheQueueDidNotGive() {
    outcomes.add(new GangOutcome.Failed(lacksGpu, Recovery.ELSEWHERE));

    assertThatThrownBy(() -> run(1, journal()))
        .hasMessage(
            "Cannot start: the queue gave none. The prediction had been restarted once. Last cause: GPU_UNAVAILABLE: Cannot compute on a GPU of a without cuDNN 9.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.NO_RESOURCES);
  }

  /** Without a played outcome there is no gang. */
  private GangOutcome outcome() {
    if (outcomes.isEmpty()) {
      throw new DicmException(ErrorCode.NO_RESOURCES, "Cannot start: the queue gave none.");
    }
    return outcomes.remove();
  }

  private Restarts run(int restarts, RunJournal journal) throws Exception {
    return new PredictionSupervisor(
            before -> outcome(),
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
