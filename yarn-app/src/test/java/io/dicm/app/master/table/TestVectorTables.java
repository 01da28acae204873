package io.dicm.app.master.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.RunPartitions;
import io.dicm.app.pipeline.StageName;
import io.dicm.app.plan.StoredManifests;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.layout.Workspace;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.hive.HiveTable;
import io.dicm.hive.Registration;
import io.dicm.hive.TablePartition;
import io.dicm.trainer.predict.PredictionWorker;
import io.dicm.trainer.predict.TowerTable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestVectorTables {
  private static final String DATE = "2026-07-01";

  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration();
  private PipelineSettings settings;

  @BeforeEach
  void configure() throws IOException {
    conf.addResource("dicm-default.xml");
    settings =
        new PipelineSettings(
            "shop",
            null,
            new Workspace(new Path(folder.toUri())),
            DATE,
            "a",
            List.of(StageName.PREDICT));
    new StoredManifests(conf, settings.workspace()).vectors(DATE, 1);
  }

  @Test
  void whatPredictorsWroteIsPublishedAndRegistered() throws IOException {
    predict(true);

    for (String table : List.of("user_vectors", "item_vectors")) {
      assertThat(folder.resolve(table + "/dt=2026-07-01/run=a"))
          .isDirectoryContaining("glob:**/part-00000.parquet")
          .isDirectoryContaining("glob:**/part-00001.parquet")
          .isDirectoryContaining("glob:**/_SUCCESS")
          .isDirectoryNotContaining("glob:**/_parts");
    }
    assertThat(folder.resolve("predictions/dt=2026-07-01/run=a"))
        .isDirectoryContaining("glob:**/part-00000.parquet")
        .isDirectoryNotContaining("glob:**/_towers");
    assertThat(registered()).contains(HiveTable.USER_VECTORS, HiveTable.ITEM_VECTORS);
    assertThat(takenOut()).doesNotContain(HiveTable.USER_VECTORS, HiveTable.ITEM_VECTORS);
  }

  @Test
  void aRepeatedRunWithoutTowersHasNone() throws IOException {
    predict(true);
    predict(false);

    assertThat(folder.resolve("user_vectors/dt=2026-07-01/run=a")).doesNotExist();
    assertThat(folder.resolve("item_vectors/dt=2026-07-01/run=a")).doesNotExist();
    assertThat(folder.resolve("predictions/dt=2026-07-01/run=a")).exists();
    assertThat(registered()).doesNotContain(HiveTable.USER_VECTORS, HiveTable.ITEM_VECTORS);
    assertThat(takenOut())
        .contains(HiveTable.USER_VECTORS, HiveTable.ITEM_VECTORS)
        .doesNotContain(HiveTable.NEAR_DUPLICATES);
  }

  /** As the stage does it. */
  private void predict(boolean withTowers) throws IOException {
    Path predictions = settings.workspace().predictions(DATE, "a");
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, predictions)) {
      touch(new Path(publisher.staging(), "part-00000.parquet"));
      for (TowerTable table : TowerTable.values()) {
        for (int predictor = 0; withTowers && predictor < 2; predictor++) {
          Path vectors = PredictionWorker.vectors(publisher.staging(), table);
          touch(new Path(vectors, PredictionWorker.fileName(predictor)));
          touch(new Path(vectors, "_parts/of-0/" + PredictionWorker.fileName(predictor)));
        }
      }
      new VectorTables(conf, settings).publish(publisher.staging());
      publisher.publish();
    }
  }

  private static void touch(Path file) throws IOException {
    java.nio.file.Path path = java.nio.file.Path.of(file.toUri().getPath());
    Files.createDirectories(path.getParent());
    Files.createFile(path);
  }

  private List<HiveTable> registered() throws IOException {
    return registration().partitions().stream().map(TablePartition::table).toList();
  }

  private List<HiveTable> takenOut() throws IOException {
    return registration().absent().stream().map(TablePartition::table).toList();
  }

  private Registration registration() throws IOException {
    String extractor = EncoderProviders.configured(conf).describe(conf).extractorId();
    return new RunPartitions(conf, settings, extractor).registration();
  }
}
