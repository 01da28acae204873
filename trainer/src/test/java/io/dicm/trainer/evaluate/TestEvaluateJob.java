package io.dicm.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestEvaluateJob {
  private final Configuration conf = new Configuration();

  @TempDir private java.nio.file.Path directory;
  private Path predictions;
  private Path target;

  @BeforeEach
  void setUp() {
    conf.set("mapreduce.framework.name", "local");
    conf.set("mapreduce.task.io.sort.mb", "8");
    predictions = new Path(new Path(directory.toUri()), "predictions");
    target = new Path(new Path(directory.toUri()), "metrics/dt=2024-01-01/run=r");
  }

  @Test
  void equalsTheMetricsByDefinition() throws Exception {
    Random random = new Random(3);
    List<Prediction> all = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      String user = "u" + random.nextInt(300);
      all.add(prediction("i" + i, user, random.nextInt(2), random.nextInt(200) / 200.0));
    }
    write("part-0.parquet", all.subList(0, 700));
    write("part-1.parquet", all.subList(700, all.size()));

    Metrics metrics = run();

    Metrics naive = NaiveMetrics.of(all);
    assertThat(metrics.auc()).isCloseTo(naive.auc(), within(1e-12));
    assertThat(metrics.gauc()).isCloseTo(naive.gauc(), within(1e-12));
    assertThat(metrics.logLoss()).isCloseTo(naive.logLoss(), within(1e-12));
    assertThat(metrics.calibration()).isCloseTo(naive.calibration(), within(1e-12));
    assertThat(metrics.impressions()).isEqualTo(1500);
    assertThat(metrics.clicks()).isEqualTo(naive.clicks());
    assertThat(metrics.users()).isEqualTo(naive.users());
    assertThat(metrics.usersOneClass()).isEqualTo(naive.usersOneClass()).isPositive();
    assertThat(DirectoryPublisher.isComplete(conf, target)).isTrue();
    assertThat(table()).isEqualTo(metrics.values());
  }

  @Test
  void leavesOutWhatOneClassDoesNotDefine() throws Exception {
    write("part-0.parquet", List.of(prediction("i", "u", 1, 0.25), prediction("j", "u", 1, 0.5)));

    Metrics metrics = run();

    assertThat(metrics.auc()).isNaN();
    assertThat(metrics.gauc()).isNaN();
    assertThat(table()).doesNotContainKeys("auc", "gauc").containsEntry("calibration", 0.375);
  }

  @Test
  void failsOnWhatIsNoProbability() throws Exception {
    write("part-0.parquet", List.of(prediction("i-7", "u", 1, Double.NaN)));

    assertThatThrownBy(this::run)
        .isInstanceOf(DicmException.class)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.STAGE_FAILED);
    assertThat(DirectoryPublisher.isComplete(conf, target)).isFalse();
  }

  @Test
  void saysWhereThereAreNoPredictions() {
    assertThatThrownBy(this::run)
        .hasMessageContaining("there are no predictions in " + predictions)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
  }

  private Metrics run() throws IOException, InterruptedException {
    return new EvaluateJob(conf).run(predictions, target, ProgressListener.NONE);
  }

  private Map<String, Double> table() throws IOException {
    Map<String, Double> metrics = new LinkedHashMap<>();
    ParquetTables.read(
        conf,
        new Path(target, "part-0.parquet"),
        row -> metrics.put(row.getString("metric", 0), row.getDouble("value", 0)));
    return metrics;
  }

  private void write(String name, List<Prediction> rows) throws IOException {
    try (ParquetTableWriter<Prediction> writer =
        PredictionTable.writer(conf, new Path(predictions, name))) {
      for (Prediction row : rows) {
        writer.write(row);
      }
    }
  }

  private static Prediction prediction(String id, String user, int label, double probability) {
    return new Prediction(id, user, "a", "", 0, label, probability);
  }
}
