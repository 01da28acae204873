package io.dicm.app.master.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.app.master.history.RunHistory;
import io.dicm.app.master.history.StageRecord;
import io.dicm.app.master.history.StageState;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class TestStageRunner {
  private final RunHistory history =
      new RunHistory(
          "application_1_1",
          new PipelineSettings(
              "daily",
              null,
              new Workspace(new Path("/w")),
              "2026-07-01",
              "a",
              List.of(StageName.EXTRACT, StageName.SAMPLES, StageName.TRAIN)),
          () -> 5);

  /** What a stage does, for once. */
  @FunctionalInterface
  private interface Work {
    StageResult run(ProgressListener progress) throws IOException, InterruptedException;
  }

  private record TestStage(StageName name, Work work) implements Stage {
    @Override
    public StageResult run(ProgressListener progress) throws IOException, InterruptedException {
      return work.run(progress);
    }
  }

  @Test
  void runsInOrderAndKeepsResults() throws InterruptedException {
    run(
        new TestStage(
            StageName.EXTRACT,
            progress -> {
              progress.progress(1, 2, "half");
              assertThat(history.snapshot().stages().get(0).fraction()).isEqualTo(0.5f);
              return StageResult.done("24 pictures");
            }),
        new TestStage(StageName.SAMPLES, progress -> StageResult.skipped("there already")));

    assertThat(states())
        .containsExactly(StageState.SUCCEEDED, StageState.SKIPPED, StageState.WAITING);
    assertThat(history.snapshot().stages().get(0).detail()).isEqualTo("24 pictures");
  }

  @Test
  void stopsAtTheFirstFailureAndNamesTheStage() {
    assertThatThrownBy(
            () ->
                run(
                    new TestStage(
                        StageName.EXTRACT,
                        progress -> {
                          throw new DicmException(ErrorCode.INPUT_MISSING, "Cannot read /in.");
                        }),
                    new TestStage(StageName.SAMPLES, progress -> StageResult.done("never"))))
        .isInstanceOf(DicmException.class)
        .hasMessage("Stage extract: Cannot read /in.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
    assertThat(states()).containsExactly(StageState.FAILED, StageState.WAITING, StageState.WAITING);
    assertThat(history.snapshot().stages().get(0).detail())
        .isEqualTo("INPUT_MISSING: Cannot read /in.");
  }

  @Test
  void storageErrorsAndDefectsGetACode() {
    assertFails(
        progress -> {
          throw new IOException("disk full\nstack");
        },
        ErrorCode.STORAGE_FAILED,
        "Stage train: Cannot go on: disk full");
    assertFails(
        progress -> {
          throw new IllegalStateException("bug");
        },
        ErrorCode.INTERNAL,
        "Stage train: Unexpected: java.lang.IllegalStateException: bug");
  }

  private void assertFails(Work work, ErrorCode code, String message) {
    assertThatThrownBy(() -> run(new TestStage(StageName.TRAIN, work)))
        .hasMessage(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(code);
  }

  private void run(Stage... stages) throws InterruptedException {
    new StageRunner(List.of(stages), history).run();
  }

  private List<StageState> states() {
    return history.snapshot().stages().stream().map(StageRecord::state).toList();
  }
}
