package io.dicm.app.master.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.layout.Workspace;
import io.dicm.common.parquet.ParquetTables;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestRunHistory {
  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration();
  private long nowMs = 1_000;
  private final RunHistory history =
      historyOf("application_1_1", StageName.TRAIN, StageName.EVALUATE);

  private RunHistory historyOf(String applicationId, StageName... stages) {
    return new RunHistory(
        applicationId,
        new PipelineSettings(
            "daily", null, new Workspace(new Path("/w")), "2026-07-01", "a", List.of(stages)),
        () -> nowMs);
  }

  @Test
  void progressIsWeightedAndNeverGoesBack() {
    assertThat(history.progress()).isZero();
    history.started(StageName.TRAIN);
    history.progressed(StageName.TRAIN, 0.5f, "loss 0.6");
    float half = history.progress();
    history.progressed(StageName.TRAIN, 0.2f, "loss 0.5");

    assertThat(half).isCloseTo(5f / 12, within(1e-6f));
    assertThat(history.progress()).isEqualTo(half);
    assertThat(history.snapshot().stages().get(0).detail()).isEqualTo("loss 0.5");

    history.ended(StageName.TRAIN, StageState.SUCCEEDED, "done");
    history.started(StageName.EVALUATE);
    history.ended(StageName.EVALUATE, StageState.SKIPPED, "nothing to do");
    assertThat(history.progress()).isEqualTo(1f);
  }

  @Test
  void keepsTheLargestPeakOfARole() {
    history.used(RoleMemory.of("worker", 1536, (700L << 20) + 1));
    history.used(RoleMemory.of("worker", 1536, 300L << 20));

    assertThat(history.snapshot().containers())
        .containsExactly(new RoleMemory("worker", 1536, 701));
  }

  @Test
  void isPublishedAsTableAndJson() throws Exception {
    history.started(StageName.TRAIN);
    nowMs += 2_500;
    history.ended(StageName.TRAIN, StageState.FAILED, "CONTAINER_FAILED: it died");
    history.used(RoleMemory.of("server", 1024, 512L << 20));
    Path directory = new Path(folder.resolve("run=a").toUri());

    new RunFiles(conf).publish(history.snapshot(), directory);

    assertThat(DirectoryPublisher.isComplete(conf, directory)).isTrue();
    List<String> rows = new ArrayList<>();
    ParquetTables.read(
        conf,
        new Path(directory, "part-0.parquet"),
        row ->
            rows.add(
                row.getString("stage", 0)
                    + " "
                    + row.getString("state", 0)
                    + " "
                    + row.getLong("duration_ms", 0)
                    + " "
                    + row.getString("detail", 0)));
    assertThat(rows)
        .containsExactly("train FAILED 2500 CONTAINER_FAILED: it died", "evaluate WAITING 0 ");
    assertThat(new RunFiles(conf).read(directory)).isEqualTo(history.snapshot());
    assertThat(new JsonFiles(conf).oneLine(history.snapshot().containers()))
        .isEqualTo("[{\"role\":\"server\",\"memory_mb\":1024,\"max_rss_mb\":512}]");
  }

  @Test
  void laterApplicationsAddToTheRun() throws Exception {
    Path directory = new Path(folder.resolve("run=a").toUri());
    history.started(StageName.TRAIN);
    history.ended(StageName.TRAIN, StageState.SUCCEEDED, "trained");
    history.started(StageName.EVALUATE);
    history.ended(StageName.EVALUATE, StageState.SUCCEEDED, "AUC 0.6");
    history.used(RoleMemory.of("worker", 1536, 700L << 20));
    new RunFiles(conf).publish(history.snapshot(), directory);

    RunHistory later = historyOf("application_1_2", StageName.TRAIN, StageName.REGISTER);
    later.started(StageName.REGISTER);
    later.ended(StageName.REGISTER, StageState.SUCCEEDED, "5 partitions added");
    new RunFiles(conf).publish(later.snapshot(), directory);

    RunSnapshot run = new RunFiles(conf).read(directory);
    assertThat(run.applicationId()).isEqualTo("application_1_2");
    assertThat(run.stages())
        .as("train was not begun again")
        .extracting(StageRecord::stage, StageRecord::detail)
        .containsExactly(
            tuple("train", "trained"),
            tuple("evaluate", "AUC 0.6"),
            tuple("register", "5 partitions added"));
    assertThat(run.containers()).containsExactly(new RoleMemory("worker", 1536, 700));
    assertThat(run.only(List.of(StageName.REGISTER)).stages())
        .extracting(StageRecord::stage)
        .containsExactly("register");
  }

  @Test
  void stageThatRanAgainReplacesItsRow() throws Exception {
    Path directory = new Path(folder.resolve("run=a").toUri());
    history.ended(StageName.EVALUATE, StageState.SUCCEEDED, "AUC 0.6");
    new RunFiles(conf).publish(history.snapshot(), directory);

    RunHistory later = historyOf("application_1_2", StageName.EVALUATE);
    later.ended(StageName.EVALUATE, StageState.FAILED, "STAGE_FAILED: it died");
    new RunFiles(conf).publish(later.snapshot(), directory);

    assertThat(new RunFiles(conf).read(directory).stages())
        .extracting(StageRecord::stage, StageRecord::state)
        .containsExactly(tuple("train", StageState.WAITING), tuple("evaluate", StageState.FAILED));
  }

  @Test
  void unreadableHistoryIsReplaced() throws Exception {
    Path directory = new Path(folder.resolve("run=a").toUri());
    new RunFiles(conf).publish(history.snapshot(), directory);
    Files.writeString(folder.resolve("run=a/" + RunFiles.HISTORY_FILE), "{");
    Files.delete(folder.resolve("run=a/." + RunFiles.HISTORY_FILE + ".crc"));

    new RunFiles(conf).publish(history.snapshot(), directory);

    assertThat(new RunFiles(conf).read(directory)).isEqualTo(history.snapshot());
  }

  @Test
  void statusFileShowsTheLastState() {
    Path staging = new Path(folder.toUri());
    try (StatusFile file = new StatusFile(conf, staging, history)) {
      file.start();
      history.started(StageName.TRAIN);
    }

    RunSnapshot read =
        new JsonFiles(conf)
            .read(
                new Path(staging, StatusFile.NAME),
                RunSnapshot.class,
                io.dicm.common.error.ErrorCode.INPUT_MISSING);
    assertThat(read).isEqualTo(history.snapshot());
  }
}
