package io.dicm.app.master.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.layout.Workspace;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestRunDetails {
  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration();
  private long nowMs = 1_000;

  @Test
  void arePublishedWithTheHistory() throws Exception {
    RunHistory history = trained("application_1_1");

    Path directory = new Path(folder.resolve("run=a").toUri());
    new RunFiles(conf).publish(history.detailed(), directory);

    RunDetails read = new RunFiles(conf).read(directory).page();
    assertThat(read).isEqualTo(history.detailed().page());
    assertThat(read.user()).isEqualTo("ann");
    assertThat(read.applications()).containsExactly("application_1_1");
    assertThat(read.containers()).hasSize(1);
    assertThat(read.curve()).hasSize(1);
  }

  @Test
  void whatGpusDoIsInTheHistoryWhereItIsKnown() throws Exception {
    JsonFiles json = new JsonFiles(conf);
    ContainerRecord plain = trained("application_1_1").detailed().page().containers().get(0);
    ContainerRecord measured =
        plain.with(List.of(new GpuUse(0, "NVIDIA H100 80GB HBM3", "GPU-5c1f", 5, 9, 87, null, 61)));

    assertThat(json.oneLine(plain)).doesNotContain("gpuUse");
    assertThat(json.parse(json.oneLine(plain), ContainerRecord.class)).isEqualTo(plain);
    assertThat(json.oneLine(measured)).contains("\"busyPercent\"").doesNotContain("powerWatts");
    assertThat(json.parse(json.oneLine(measured), ContainerRecord.class)).isEqualTo(measured);
    assertThat(measured.seenAt(7, plain).gpuUse()).isEqualTo(measured.gpuUse());
    assertThat(measured.lost().gpuUse()).isEmpty();
  }

  @Test
  void trainingStaysWhenALaterApplicationDoesAnotherStage() throws Exception {
    Path directory = new Path(folder.resolve("run=a").toUri());
    new RunFiles(conf).publish(trained("application_1_1").detailed(), directory);
    RunHistory later = history("application_1_2", StageName.REGISTER);
    later.started(StageName.REGISTER);
    new RunFiles(conf).publish(later.detailed(), directory);

    RunDetails read = new RunFiles(conf).read(directory).page();
    assertThat(read.applications()).containsExactly("application_1_1", "application_1_2");
    assertThat(read.containers()).extracting(ContainerRecord::stage).containsExactly("train");
    assertThat(read.curve()).hasSize(1);

    RunHistory again = history("application_1_3", StageName.TRAIN);
    again.started(StageName.TRAIN);
    new RunFiles(conf).publish(again.detailed(), directory);

    read = new RunFiles(conf).read(directory).page();
    assertThat(read.containers()).isEmpty();
    assertThat(read.curve()).isEmpty();
  }

  @Test
  void statusFileHasNoneAndOldHistoriesAreRead() throws Exception {
    assertThat(new JsonFiles(conf).oneLine(trained("application_1_1").snapshot()))
        .doesNotContain("details")
        .doesNotContain("outcome");
    java.nio.file.Path file = folder.resolve("run=a/" + RunFiles.HISTORY_FILE);
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        """
        {"applicationId": "application_1_1", "name": "n", "date": "2026-07-01", "run": "a", "progress": 1.0,
         "stages": [{"stage": "train", "state": "SUCCEEDED", "startedAtMs": 1, "finishedAtMs": 2, "fraction": 1.0, "detail": ""}],
         "containers": []}
        """);

    RunSnapshot old = new RunFiles(conf).read(new Path(folder.resolve("run=a").toUri()));
    assertThat(old.page()).isEqualTo(RunDetails.NONE);
    assertThat(old.outcome()).isEqualTo(StageState.SUCCEEDED);
  }

  @Test
  void timeLeftGoesOnAsFastAsSoFar() {
    RunHistory history = history("application_1_1", StageName.TRAIN);
    history.started(StageName.TRAIN);
    assertThat(history.detailed().page().stageLeftMs()).isNull();

    nowMs += 10_000;
    history.progressed(StageName.TRAIN, 0.25f, "");
    assertThat(history.detailed().page().stageLeftMs()).isEqualTo(30_000L);

    history.ended(StageName.TRAIN, StageState.SUCCEEDED, "");
    assertThat(history.detailed().page().stageLeftMs()).isNull();
  }

  private RunHistory trained(String applicationId) {
    RunHistory history = history(applicationId, StageName.TRAIN);
    history.started(StageName.TRAIN);
    history.seen(
        List.of(
            new ContainerRecord(
                "container_1", "train", "worker", 0, "running", "n:1", "", 10, 0, 5, 6, 1, 2, "")));
    history.measured(new TrainingSample(5, 7, 0.5, null, null, 1, 1, 1, 1, 10));
    return history;
  }

  private RunHistory history(String applicationId, StageName... stages) {
    return new RunHistory(
        applicationId,
        new PipelineSettings(
            "daily", null, new Workspace(new Path("/w")), "2026-07-01", "a", List.of(stages)),
        new RunFacts("ann", Map.of("dicm.run.id", "a")),
        () -> nowMs);
  }
}
