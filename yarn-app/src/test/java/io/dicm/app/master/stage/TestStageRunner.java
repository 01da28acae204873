package io.dicm.app.master.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.app.master.history.RunHistory;
import io.dicm.app.master.history.StageRecord;
import io.dicm.app.master.history.StageState;
import io.dicm.app.master.recovery.MasterAttempt;
import io.dicm.app.master.recovery.RunJournal;
import io.dicm.app.master.recovery.RunStateStore;
import io.dicm.app.master.stop.StopRequest;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestStageRunner {
  @TempDir java.nio.file.Path staging;

  private RunHistory history = newHistory();
  private final StopRequest stop = new StopRequest(Thread.currentThread());
  private int attempt = 1;

  private static RunHistory newHistory() {
    return new RunHistory(
        "application_1_1",
        new PipelineSettings(
            "daily",
            null,
            new Workspace(new Path("/w")),
            "2026-07-01",
            "a",
            List.of(StageName.EXTRACT, StageName.SAMPLES, StageName.TRAIN)),
        () -> 5);
  }

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

  @Test
  void anotherAttemptOfTheMasterGoesOnWithTheStageThatRan() throws Exception {
    TestStage extract =
        new TestStage(StageName.EXTRACT, progress -> StageResult.done("24 pictures"));
    assertThatThrownBy(
            () ->
                run(
                    extract,
                    new TestStage(
                        StageName.SAMPLES,
                        progress -> {
                          throw new InterruptedException("the master is lost");
                        })))
        .isInstanceOf(InterruptedException.class);
    history = newHistory();
    attempt = 2;
    journal().resume();
    List<String> ran = new ArrayList<>();

    run(
        new TestStage(
            StageName.EXTRACT,
            progress -> {
              ran.add("extract");
              return StageResult.done("again");
            }),
        new TestStage(
            StageName.SAMPLES,
            progress -> {
              ran.add("samples");
              return StageResult.done("60 impressions");
            }));

    assertThat(ran).containsExactly("samples");
    assertThat(states())
        .containsExactly(StageState.SUCCEEDED, StageState.SUCCEEDED, StageState.WAITING);
    assertThat(history.snapshot().stages().get(0).detail()).isEqualTo("24 pictures");
    assertThat(history.snapshot().attempt()).isEqualTo(2);
  }

  @Test
  void anAttemptThatWasReplacedRunsNoFurtherStage() throws Exception {
    RunHistory first = history;
    assertThatThrownBy(
            () ->
                run(
                    new TestStage(
                        StageName.EXTRACT,
                        progress -> {
                          history = newHistory();
                          attempt = 2;
                          journal().resume();
                          return StageResult.done("24 pictures");
                        }),
                    new TestStage(
                        StageName.SAMPLES,
                        progress -> {
                          throw new AssertionError("must not run");
                        })))
        .hasMessage(
            "Stage extract: Attempt 1 of the application master ends: attempt 2 has taken over.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.STALE_EPOCH);
    assertThat(first.snapshot().stages().get(1).state()).isEqualTo(StageState.WAITING);
  }

  @Test
  void requestToEndIsLookedForBetweenStages() {
    assertThatThrownBy(
            () ->
                run(
                    new TestStage(
                        StageName.EXTRACT,
                        progress -> {
                          stop.ask();
                          return StageResult.done("all");
                        }),
                    new TestStage(StageName.SAMPLES, progress -> StageResult.done("never"))))
        .isInstanceOf(InterruptedException.class)
        .hasMessage("It was stopped on request before stage samples.");

    assertThat(states().subList(0, 2)).containsExactly(StageState.SUCCEEDED, StageState.WAITING);
  }

  /** Such as a Hive driver's that was interrupted. */
  @Test
  void failureThatARequestHasMadeIsNone() {
    assertThatThrownBy(
            () ->
                run(
                    new TestStage(
                        StageName.EXTRACT,
                        progress -> {
                          stop.ask();
                          throw new DicmException(ErrorCode.HIVE_FAILED, "interrupted");
                        })))
        .isInstanceOf(InterruptedException.class)
        .hasMessage("It was stopped on request in stage extract.");
  }

  private void assertFails(Work work, ErrorCode code, String message) {
    assertThatThrownBy(() -> run(new TestStage(StageName.TRAIN, work)))
        .hasMessage(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(code);
  }

  private void run(Stage... stages) throws InterruptedException {
    new StageRunner(List.of(stages), history, journal(), stage -> {}, stop).run();
  }

  private RunJournal journal() {
    return new RunJournal(
        new RunStateStore(new Configuration(), new Path(staging.toUri())),
        history,
        new MasterAttempt(attempt));
  }

  private List<StageState> states() {
    return history.snapshot().stages().stream().map(StageRecord::state).toList();
  }
}
