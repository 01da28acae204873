package io.dicm.app.master.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.checkpoint.CheckpointFile;
import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.ams.checkpoint.CheckpointPart;
import io.dicm.ams.server.WarmStartMode;
import io.dicm.app.master.checkpoint.CheckpointStore;
import io.dicm.app.master.checkpoint.StartPoint;
import io.dicm.app.master.history.RunHistory;
import io.dicm.app.master.membership.Recovery;
import io.dicm.app.master.recovery.MasterAttempt;
import io.dicm.app.master.recovery.RunJournal;
import io.dicm.app.master.recovery.RunStateStore;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.layout.Workspace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What follows from the ends of incarnations that are played. */
class TestTrainingSupervisor {
  private static final StartPoint BEGINNING =
      new StartPoint.Warm(new Path("/yesterday"), WarmStartMode.PARTIAL);
  private final DicmException died =
      new DicmException(ErrorCode.CONTAINER_FAILED, "The container of server 0 ended.");

  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration();
  private final Deque<TrainingAttempt> attempts = new ArrayDeque<>();
  private final List<String> made = new ArrayList<>();
  private CheckpointStore store;
  private RunJournal journal;

  @BeforeEach
  void open() throws IOException {
    store = new CheckpointStore(conf, new Path(folder.toUri()), "application_1_0001");
    journal = journal(1);
  }

  @Test
  void aTrainingThatGoesWellIsNotRestarted() throws Exception {
    attempts.add(finishes());

    Restarts restarts = run(3);

    assertThat(made).containsExactly("1 from " + BEGINNING);
    assertThat(restarts).isEqualTo(Restarts.NONE);
    assertThat(restarts.done("100 impressions")).isEqualTo("100 impressions");
  }

  @Test
  void goesOnFromTheLastCheckpointInALaterEpoch() throws Exception {
    attempts.add(failsAt(100, Recovery.RESTART));
    attempts.add(failsAt(300, Recovery.FREE_RESTART));
    attempts.add(finishes());

    Restarts restarts = run(3);

    assertThat(made)
        .containsExactly(
            "1 from " + BEGINNING,
            "2 from " + new StartPoint.Resumed(store.directory(100), 100),
            "3 from " + new StartPoint.Resumed(store.directory(300), 300));
    assertThat(restarts.done("100 impressions"))
        .isEqualTo(
            "100 impressions; restarted 2 times, last from step 300 after: CONTAINER_FAILED: The container of server 0 ended.");
  }

  @Test
  void beginsAgainWhereThereIsNoCheckpoint() throws Exception {
    attempts.add(fails(Recovery.RESTART));
    attempts.add(finishes());

    run(3);

    assertThat(made).containsExactly("1 from " + BEGINNING, "2 from " + BEGINNING);
  }

  @Test
  void tellsWhyItStartsAgain() throws Exception {
    attempts.add(failsAt(100, Recovery.RESTART));
    attempts.add(
        (epoch, start, restarts) -> {
          assertThat(restarts.starting("waiting for containers"))
              .isEqualTo(
                  "starting again from step 100 after: CONTAINER_FAILED: The container of server 0 ended. (waiting for containers)");
          assertThat(restarts.working("epoch 1/1")).isEqualTo("epoch 1/1; restarted once");
          return new GangOutcome.Finished();
        });

    run(1);
  }

  @Test
  void givesUpWhenItWasStartedOftenEnough() {
    attempts.add(fails(Recovery.RESTART));
    attempts.add(fails(Recovery.RESTART));

    assertThatThrownBy(() -> run(1))
        .hasMessage("The container of server 0 ended. The training had been restarted once.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONTAINER_FAILED);
  }

  @Test
  void givesUpAtOnceWhereARestartCannotHelp() {
    attempts.add(
        (epoch, start, restarts) ->
            new GangOutcome.Failed(
                new DicmException(ErrorCode.SCHEMA_MISMATCH, "Cannot train: other fields."),
                Recovery.NONE));

    assertThatThrownBy(() -> run(3))
        .hasMessage("Cannot train: other fields.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.SCHEMA_MISMATCH);
    assertThat(made).hasSize(1);
  }

  @Test
  void aGangWithoutItsGpuGoesOnElsewhere() throws Exception {
    attempts.add(failsAt(100, Recovery.RESTART));
    attempts.add(lacksGpu("a", Recovery.ELSEWHERE));
    attempts.add(finishes());

    Restarts restarts = run(2);

    assertThat(made.get(2))
        .isEqualTo("3 from " + new StartPoint.Resumed(store.directory(100), 100));
    assertThat(restarts.done("100 impressions"))
        .endsWith(
            "last from step 100 after: GPU_UNAVAILABLE: Cannot compute on a GPU of a without cuDNN 9.");
    assertThat(journal.countedRestartsMs()).as("it counts").hasSize(2);
  }

  @Test
  void aGangWithoutAGpuAnywhereEndsWithTheContainersOwnSentence() {
    attempts.add(lacksGpu("a", Recovery.ELSEWHERE));
    attempts.add(lacksGpu("b", Recovery.NONE));

    assertThatThrownBy(() -> run(3))
        .hasMessage(
            "Cannot compute on a GPU of b without cuDNN 9. The training had been restarted once.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.GPU_UNAVAILABLE);
  }

  @Test
  void whereNodesLackGpusTheBudgetEndsItToo() {
    attempts.add(lacksGpu("a", Recovery.ELSEWHERE));

    assertThatThrownBy(() -> run(0)).hasMessage("Cannot compute on a GPU of a without cuDNN 9.");
  }

  private static TrainingAttempt lacksGpu(String node, Recovery recovery) {
    return (epoch, start, restarts) ->
        new GangOutcome.Failed(
            new DicmException(
                ErrorCode.GPU_UNAVAILABLE,
                "Cannot compute on a GPU of " + node + " without cuDNN 9."),
            recovery);
  }

  @Test
  void saysWhyAnotherGangWasNeededThatTheQueueDidNotGive() {
    attempts.add(fails(Recovery.FREE_RESTART));
    attempts.add(
        (epoch, start, restarts) -> {
          throw new DicmException(ErrorCode.NO_RESOURCES, "Cannot start: the queue gave none.");
        });

    assertThatThrownBy(() -> run(3))
        .hasMessage(
            "Cannot start: the queue gave none. The training had been restarted once. Last cause: CONTAINER_FAILED: The container of server 0 ended.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.NO_RESOURCES);
  }

  @Test
  void goesOnAfterTheLossOfTheMasterInAnEpochAboveAllOfTheFirst() throws Exception {
    attempts.add(failsAt(100, Recovery.RESTART));
    attempts.add(
        (epoch, start, restarts) -> {
          failsAt(300, Recovery.RESTART).run(epoch, start, restarts);
          throw new InterruptedException("the master is lost");
        });
    assertThatThrownBy(() -> run(3)).isInstanceOf(InterruptedException.class);
    journal = journal(2);
    journal.resume();
    attempts.add(finishes());

    Restarts restarts = run(3);

    assertThat(made.get(2))
        .isEqualTo("1000001 from " + new StartPoint.Resumed(store.directory(300), 300));
    assertThat(restarts.done("100 impressions"))
        .isEqualTo(
            "100 impressions; restarted 2 times, last from step 300 after: CONTAINER_FAILED: The application master was lost in attempt 1.");
    assertThat(journal.countedRestartsMs()).as("the master's loss is not counted").hasSize(1);
  }

  @Test
  void beginsAgainAfterTheLossOfTheMasterWhereThereIsNoCheckpoint() throws Exception {
    attempts.add(
        (epoch, start, restarts) -> {
          throw new InterruptedException("the master is lost");
        });
    assertThatThrownBy(() -> run(3)).isInstanceOf(InterruptedException.class);
    journal = journal(2);
    journal.resume();
    attempts.add(finishes());

    run(3);

    assertThat(made).containsExactly("1 from " + BEGINNING, "1000001 from " + BEGINNING);
  }

  private RunJournal journal(int attempt) {
    RunHistory history =
        new RunHistory(
            "application_1_0001",
            new PipelineSettings(
                "daily",
                null,
                new Workspace(new Path("/w")),
                "2026-07-01",
                "a",
                List.of(StageName.TRAIN)),
            () -> 5);
    return new RunJournal(
        new RunStateStore(conf, new Path(new Path(folder.toUri()), "staging")),
        history,
        new MasterAttempt(attempt));
  }

  private Restarts run(int maxRestarts) throws IOException, InterruptedException {
    return new TrainingSupervisor(
            (epoch, start, restarts) -> {
              made.add(epoch + " from " + start);
              return attempts.remove().run(epoch, start, restarts);
            },
            store,
            new RestartBudget(maxRestarts, Duration.ZERO, () -> 77, journal.countedRestartsMs()),
            new MemoryGrowth(1, 4096),
            BEGINNING,
            new TrainingJournal(journal, Optional.empty(), Optional.empty()))
        .run();
  }

  private static TrainingAttempt finishes() {
    return (epoch, start, restarts) -> new GangOutcome.Finished();
  }

  private TrainingAttempt fails(Recovery recovery) {
    return (epoch, start, restarts) -> new GangOutcome.Failed(died, recovery);
  }

  /** Fails after a checkpoint was committed. */
  private TrainingAttempt failsAt(long steps, Recovery recovery) {
    return (epoch, start, restarts) -> {
      Path checkpoint = store.directory(steps);
      CheckpointPart part =
          new CheckpointPart(
              0, 1, steps, 0, 0, 0, Map.of(), Map.of(), Map.of(), "", 0, List.<CheckpointFile>of());
      new JsonFiles(conf)
          .write(
              new Path(checkpoint, "checkpoint.json"),
              new CheckpointManifest(
                  CheckpointManifest.FORMAT_VERSION,
                  steps,
                  1,
                  4,
                  16,
                  "adam",
                  "adam",
                  List.of(part)));
      checkpoint.getFileSystem(conf).create(new Path(checkpoint, "_SUCCESS")).close();
      return new GangOutcome.Failed(died, recovery);
    };
  }
}
