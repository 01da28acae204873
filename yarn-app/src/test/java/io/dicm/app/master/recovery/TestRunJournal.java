package io.dicm.app.master.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.server.WarmStartMode;
import io.dicm.ams.shard.ImageControl;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.app.master.checkpoint.CheckpointOrigin;
import io.dicm.app.master.history.ContainerRecord;
import io.dicm.app.master.history.RoleMemory;
import io.dicm.app.master.history.RunHistory;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.history.StageState;
import io.dicm.app.master.history.TrainingSample;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.network.NetworkOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestRunJournal {
  private static final TrainingState TRAINING =
      new TrainingState(
          2,
          300,
          "CONTAINER_FAILED: It died.",
          Map.of(0, List.of(0, 1, 1, 0), 1, List.of(1)),
          new BegunFrom(
              "hdfs://h/w/checkpoints/run=b/application_1_0001/step=10",
              WarmStartMode.FULL,
              new CheckpointOrigin(
                  "application_1_0001",
                  "b",
                  "2026-06-30",
                  "vgg",
                  "abc",
                  ImageMode.JOINT,
                  Aggregation.USUAL,
                  SubModelShape.USUAL,
                  NetworkOptions.USUAL,
                  false,
                  ImageControl.NONE,
                  0.5,
                  MissingImages.LEARNED,
                  VectorPrecision.FLOAT16)));

  @TempDir java.nio.file.Path staging;

  private final Configuration conf = new Configuration();
  private long nowMs = 1_000;

  @Test
  void theNextAttemptKnowsAllThatTheFirstDid() throws IOException {
    RunHistory first = history();
    RunJournal journal = journal(first, 1);
    first.started(StageName.SAMPLES);
    nowMs = 5_000;
    first.ended(StageName.SAMPLES, StageState.SUCCEEDED, "60 impressions");
    first.started(StageName.TRAIN);
    first.progressed(StageName.TRAIN, 0.5f, "epoch 1/2");
    first.used(RoleMemory.of("samples map", 1024, 700L << 20));
    first.seen(List.of(container("running")));
    first.measured(new TrainingSample(5_000, 10, 0.6, 0.7, null, 160, 20, 30, 40, 500));
    journal.counted(List.of(4_000L));
    journal.training(TRAINING);
    nowMs = 60_000;

    RunHistory second = history();
    RunJournal next = journal(second, 2);
    assertThat(next.resume()).isTrue();

    assertThat(next.training()).contains(TRAINING);
    assertThat(next.training().orElseThrow().begunFrom().warmStart().checkpoint())
        .isEqualTo(new Path("hdfs://h/w/checkpoints/run=b/application_1_0001/step=10"));
    assertThat(next.countedRestartsMs()).containsExactly(4_000L);
    RunSnapshot shown = second.detailed();
    assertThat(shown.attempt()).isEqualTo(2);
    assertThat(shown.stages()).isEqualTo(first.detailed().stages());
    assertThat(shown.stages().get(0).tookMs()).isEqualTo(4_000);
    assertThat(shown.containers()).isEqualTo(first.detailed().containers());
    assertThat(shown.page().curve()).isEqualTo(first.detailed().page().curve()).hasSize(1);
    assertThat(shown.page().containers())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.state()).isEqualTo(ContainerRecord.ENDED);
              assertThat(one.note()).isEqualTo("ended with the application master");
            });
    assertThat(second.isDone(StageName.SAMPLES)).isTrue();
    assertThat(second.isDone(StageName.TRAIN)).isFalse();
  }

  @Test
  void theFileIsForItsOwnerAloneAndHasNoUnfinishedOneBesideIt() throws IOException {
    journal(history(), 1).keep();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(staging.toFile().list())
        .allMatch(name -> name.equals("state.json") || name.endsWith(".crc"));
  }

  @Test
  void anAttemptBeforeWhichNothingWasKeptBeginsAtTheBeginning() throws IOException {
    RunHistory history = history();

    assertThat(journal(history, 2).resume()).isFalse();

    assertThat(history.snapshot().stages()).allMatch(one -> one.state() == StageState.WAITING);
    assertThat(history.snapshot().attempt()).isEqualTo(2);
  }

  @Test
  void theFirstAttemptHasNothingToTakeOver() throws IOException {
    assertThat(journal(history(), 1).resume()).isFalse();
    assertThat(file()).doesNotExist();
  }

  @Test
  void anAttemptThatWasReplacedKeepsNothingMore() throws IOException {
    RunJournal first = journal(history(), 1);
    first.keep();
    journal(history(), 2).resume();

    assertThat(first.isTakenOver()).isFalse();
    assertThatThrownBy(first::keep)
        .hasMessage("Attempt 1 of the application master ends: attempt 2 has taken over.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.STALE_EPOCH);
    assertThatThrownBy(first::keepIfPossible).isInstanceOf(DicmException.class);
    assertThat(first.isTakenOver()).isTrue();
  }

  @Test
  void aStateOfAnotherVersionIsRefusedInOneSentence() throws IOException {
    journal(history(), 1).keep();
    Files.deleteIfExists(staging.resolve(".state.json.crc"));
    Files.writeString(
        file(), Files.readString(file()).replace("\"version\" : 1", "\"version\" : 9"));

    assertThatThrownBy(() -> journal(history(), 2).resume())
        .hasMessageEndingWith(
            "state.json: its version is 9, this program reads 1. Run the pipeline again.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.STORE_CORRUPT);
  }

  @Test
  void epochsOfLaterAttemptsAreAboveAllOfEarlierOnes() {
    assertThat(new MasterAttempt(1).firstEpoch()).isEqualTo(1);
    assertThat(new MasterAttempt(2).firstEpoch()).isEqualTo(1_000_001);
  }

  private java.nio.file.Path file() {
    return staging.resolve("state.json");
  }

  private RunJournal journal(RunHistory history, int attempt) {
    return new RunJournal(
        new RunStateStore(conf, new Path(staging.toUri())), history, new MasterAttempt(attempt));
  }

  private RunHistory history() {
    return new RunHistory(
        "application_1_0001",
        new PipelineSettings(
            "daily",
            null,
            new Workspace(new Path("/w")),
            "2026-07-01",
            "a",
            List.of(StageName.SAMPLES, StageName.TRAIN)),
        () -> nowMs);
  }

  private static ContainerRecord container(String state) {
    return new ContainerRecord(
        "container_1", "train", "worker", 0, state, "n:1", "", 1024, 2, 5, 6, 1, 2, "epoch 1/2");
  }
}
