package io.dicm.app.master.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.server.ServerTraffic;
import io.dicm.ams.server.TrafficClass;
import io.dicm.app.master.checkpoint.EarlierCheckpoint;
import io.dicm.app.master.history.ContainerRecord;
import io.dicm.app.master.history.RunFiles;
import io.dicm.app.master.history.RunHistory;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.layout.Workspace;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.trainer.train.ModelWriter;
import io.dicm.trainer.train.TrainingCurve;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestRunTables {
  private static final String DATE = "2026-07-01";
  private static final String RUN = "a";
  private static final String EXTRACTOR = "vgg16";

  private final Configuration conf = new Configuration();

  @TempDir java.nio.file.Path folder;
  private Workspace workspace;
  private RunTables tables;
  private PipelineSettings settings;

  @BeforeEach
  void writeAModel() throws IOException {
    workspace = new Workspace(new Path(folder.toUri()));
    settings = new PipelineSettings("p", null, workspace, DATE, RUN, List.of(StageName.PUBLISH));
    tables = new RunTables(conf, settings);
    JsonFiles json = new JsonFiles(conf);
    json.write(
        new Path(workspace.model(RUN), ModelWriter.CURVE_FILE),
        new TrainingCurve(
            0,
            List.of(
                new TrainingCurve.Point(10, 0, 640, 0.69, 800),
                new TrainingCurve.Point(20, 1, 1280, 0.61, 810)),
            List.of(
                new TrainingCurve.Progressive(15, 0, 960, null, null, 0),
                new TrainingCurve.Progressive(20, 1, 320, 0.6, 0.55, 300))));
    for (int server : new int[] {1, 0}) {
      json.write(
          new Path(workspace.model(RUN), "traffic/part-" + server + ".json"),
          new ServerTraffic(
              server,
              20,
              5,
              4096,
              100,
              80,
              1000,
              2000,
              Map.of(TrafficClass.DENSE, 7L, TrafficClass.IMAGE_CODES, 480L + server)));
    }
  }

  @Test
  void curveHasARowAStepWithWhatWasMeasured() throws IOException {
    tables.publish(EXTRACTOR);

    assertThat(rows(workspace.trainingCurve(DATE, RUN)))
        .containsExactly(
            "worker: 0|step: 10|epoch: 0|impressions: 640|loss: 0.69|impressions_per_second: 800.0",
            "worker: 0|step: 15|epoch: 0|scored_impressions: 960|gauc_impressions: 0",
            "worker: 0|step: 20|epoch: 1|impressions: 1280|loss: 0.61|impressions_per_second: 810.0"
                + "|scored_impressions: 320|auc: 0.6|gauc: 0.55|gauc_impressions: 300");
  }

  @Test
  void trafficHasARowAServerAndClass() throws IOException {
    tables.publish(EXTRACTOR);

    assertThat(rows(workspace.traffic(DATE, RUN)))
        .containsExactly(
            "server: 0|traffic_class: IMAGE_CODES|bytes: 480|raw_vector_bytes: 1638400|steps: 20",
            "server: 0|traffic_class: DENSE|bytes: 7|steps: 20",
            "server: 1|traffic_class: IMAGE_CODES|bytes: 481|raw_vector_bytes: 1638400|steps: 20",
            "server: 1|traffic_class: DENSE|bytes: 7|steps: 20");
  }

  @Test
  void rejectsAreOfPicturesAndOfRows() throws IOException {
    write(
        "features/vgg16/dt=2026-07-01/_rejects/part-0.jsonl",
        "{\"image_id\":\"x\",\"reason\":\"TOO_LARGE\",\"detail\":\"9 MiB\",\"path\":\"/p/x.png\"}\n");
    write(
        "samples/run=a/rejects/impressions-m-00002.csv",
        "place,reason,detail\n\"impressions.csv, line 7\",bad_label,\"label was \"\"7\"\"\"\n");
    write("samples/run=a/rejects/users-r-00000.csv", "place,reason,detail\nu:1,unknown,none\n");

    assertThat(tables.publish(EXTRACTOR)).isEqualTo(3 + 4 + 3);
    assertThat(rows(workspace.rejects(DATE, RUN)))
        .containsExactly(
            "source: images|place: /p/x.png|image_id: x|reason: TOO_LARGE|detail: 9 MiB",
            "source: impressions|place: impressions.csv, line 7|reason: bad_label"
                + "|detail: label was \"7\"",
            "source: users|place: u:1|reason: unknown|detail: none");
  }

  @Test
  void damagedRejectsAreNamed() throws IOException {
    write("features/vgg16/dt=2026-07-01/_rejects/part-0.jsonl", "{\"image_id\":\n");

    assertThatThrownBy(() -> tables.publish(EXTRACTOR))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("part-0.jsonl: a line is no JSON object: {\"image_id\":")
        .matches(e -> ((DicmException) e).code() == ErrorCode.STORE_CORRUPT);
    assertThat(folder.resolve("rejects/dt=2026-07-01/run=a")).doesNotExist();
  }

  @Test
  void checkpointsAreThoseThatAreWhole() throws IOException {
    Path whole = EarlierCheckpoint.commit(conf, workspace, RUN, DATE, EXTRACTOR, "digest");
    Files.createDirectories(folder.resolve("checkpoints/run=a/application_2_1/step=00000009"));

    tables.publish(EXTRACTOR);

    assertThat(rows(workspace.checkpointList(DATE, RUN)))
        .singleElement()
        .asString()
        .contains("|location: " + whole + "|servers: 1|")
        .endsWith("|extractor: vgg16|schema_digest: digest");
  }

  @Test
  void partitionsWithoutRowsArePublishedWithoutFiles() throws IOException {
    tables.publish(EXTRACTOR);

    for (Path empty : List.of(workspace.rejects(DATE, RUN), workspace.checkpointList(DATE, RUN))) {
      assertThat(DirectoryPublisher.isComplete(conf, empty)).isTrue();
      assertThat(ParquetTables.files(conf, empty)).isEmpty();
    }
  }

  /** First and last time are the history's, and stay when a container is seen after its end. */
  @Test
  void containersHaveTheTimesAtWhichTheyWereSeen() throws IOException {
    AtomicLong nowMs = new AtomicLong(100);
    RunHistory history = new RunHistory("application_1_1", settings, nowMs::get);
    history.seen(List.of(container("c1", "running"), container("c2", "running")));
    nowMs.set(300);
    history.seen(List.of(container("c1", ContainerRecord.ENDED), container("c2", "running")));
    nowMs.set(500);
    history.seen(List.of(container("c1", ContainerRecord.ENDED)));
    Path runs = workspace.runs(DATE, RUN);

    RunSnapshot published = new RunFiles(conf).publish(history.detailed(), runs);
    new ContainerTable(conf).publish(published, workspace.runContainers(DATE, RUN));

    assertThat(new RunFiles(conf).read(runs)).isEqualTo(published);
    assertThat(rows(workspace.runContainers(DATE, RUN)))
        .containsExactly(
            "container_id: c1|stage: train|role: server|index: 0|state: ended|node: n:1"
                + "|memory_mb: 1024|peak_resident_bytes: 7|first_seen_at: 100|last_seen_at: 300"
                + "|done: 3|total: 4|note: ok",
            "container_id: c2|stage: train|role: server|index: 0|state: running|node: n:1"
                + "|memory_mb: 1024|peak_resident_bytes: 7|first_seen_at: 100|last_seen_at: 300"
                + "|done: 3|total: 4|note: ok");
  }

  private static ContainerRecord container(String id, String state) {
    return new ContainerRecord(
        id, "train", "server", 0, state, "n:1", "", 1024, 0, 5, 7, 3, 4, "ok");
  }

  private void write(String file, String text) throws IOException {
    java.nio.file.Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private List<String> rows(Path directory) throws IOException {
    List<String> rows = new ArrayList<>();
    for (FileStatus file : ParquetTables.files(conf, directory)) {
      ParquetTables.read(conf, file.getPath(), (Group row) -> rows.add(text(row)));
    }
    return rows;
  }

  private static String text(Group row) {
    return row.toString().strip().replaceAll("\n+", "|");
  }
}
