package io.dicm.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.hive.udf.ScoreCounts;
import io.dicm.hive.udf.UserScores;
import io.dicm.trainer.evaluate.EvaluateJob;
import io.dicm.trainer.evaluate.Metrics;
import io.dicm.trainer.evaluate.Prediction;
import io.dicm.trainer.evaluate.PredictionTable;
import io.dicm.trainer.evaluate.SliceKeys;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** AUC and GAUC as Hive's functions have them, against the evaluation's of the same predictions. */
class TestHiveFunctionsAgree {
  private static final int IMPRESSIONS = 3000;
  private static final int PARTS = 4;

  @TempDir java.nio.file.Path directory;

  @Test
  void aucAndGaucAreThoseOfTheEvaluation() throws Exception {
    DicmConfiguration.registerDefaults();
    Configuration conf = new Configuration();
    conf.set("mapreduce.framework.name", "local");
    conf.set("mapreduce.task.io.sort.mb", "8");
    conf.set(DicmKeys.EVALUATE_REDUCERS, "2");
    conf.set(DicmKeys.EVALUATE_BOOTSTRAP_REPLICATES, "0");
    Path predictions = new Path(directory.resolve("predictions").toUri());
    Random random = new Random(4);
    ScoreCounts[] counts = new ScoreCounts[PARTS];
    UserScores[] scores = new UserScores[PARTS];
    for (int part = 0; part < PARTS; part++) {
      counts[part] = new ScoreCounts();
      scores[part] = new UserScores();
    }
    try (ParquetTableWriter<Prediction> table =
        PredictionTable.writer(conf, new Path(predictions, "part-0.parquet"))) {
      for (int i = 0; i < IMPRESSIONS; i++) {
        int label = random.nextInt(5) == 0 ? 1 : 0;
        double probability = (1 + label + random.nextInt(500)) / 503.0; // Some are equal.
        String user = "user-" + random.nextInt(200);
        table.write(
            new Prediction(
                "i" + i, user, "item", "", i, label, probability, new SliceKeys(1, 1, 1, true)));
        counts[i % PARTS].add(label == 1, probability);
        scores[i % PARTS].add(user, label == 1, probability);
      }
    }
    ScoreCounts allCounts = new ScoreCounts();
    UserScores allScores = new UserScores();
    for (int part = 0; part < PARTS; part++) {
      allCounts.add(counts[part].toBytes());
      allScores.add(scores[part].toBytes());
    }

    Metrics metrics =
        new EvaluateJob(conf)
            .run(
                predictions,
                new Path(directory.resolve("metrics").toUri()),
                (done, total, unit) -> {});

    assertThat(allCounts.areaUnderCurve()).isCloseTo(metrics.auc(), within(1e-12));
    assertThat(allScores.groupedAreaUnderCurve()).isCloseTo(metrics.gauc(), within(1e-12));
  }
}
