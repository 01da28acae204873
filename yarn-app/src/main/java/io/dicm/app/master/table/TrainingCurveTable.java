package io.dicm.app.master.table;

import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.parquet.RowFields;
import io.dicm.trainer.train.ModelWriter;
import io.dicm.trainer.train.TrainingCurve;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * The table {@code training_curve}: a row a step at which the loss, the progressive scores, or both
 * were measured.
 *
 * @param conf for the file systems
 */
record TrainingCurveTable(Configuration conf) {
  private static final String SCHEMA =
      """
      message training_curve {
        required int32 worker;
        required int64 step;
        required int32 epoch;
        optional int64 impressions;
        optional double loss;
        optional double impressions_per_second;
        optional int64 scored_impressions;
        optional double auc;
        optional double gauc;
        optional int64 gauc_impressions;
      }
      """;

  /**
   * What was measured at a step.
   *
   * @param point null where only scores were
   * @param scores null where only the loss was
   */
  private record Row(int worker, TrainingCurve.Point point, TrainingCurve.Progressive scores) {
    long step() {
      return point == null ? scores.step() : point.step();
    }

    int epoch() {
      return point == null ? scores.epoch() : point.epoch();
    }
  }

  /** Publishes the curve of a model directory, which is complete. */
  long publish(Path model, Path directory) throws IOException {
    TrainingCurve curve =
        new JsonFiles(conf)
            .read(
                new Path(model, ModelWriter.CURVE_FILE),
                TrainingCurve.class,
                ErrorCode.INPUT_MISSING);
    Map<Long, TrainingCurve.Point> points = new TreeMap<>();
    curve.points().forEach(point -> points.put(point.step(), point));
    Map<Long, Row> rows = new TreeMap<>();
    points.forEach((step, point) -> rows.put(step, new Row(curve.worker(), point, null)));
    for (TrainingCurve.Progressive scores : curve.progressive()) {
      rows.put(scores.step(), new Row(curve.worker(), points.get(scores.step()), scores));
    }
    return new TableFiles<>(
            conf, MessageTypeParser.parseMessageType(SCHEMA), TrainingCurveTable::write)
        .publish(
            directory,
            consumer -> {
              for (Row row : rows.values()) {
                consumer.accept(row);
              }
            });
  }

  private static void write(RecordConsumer out, Row row) {
    RowFields.int32(out, "worker", 0, row.worker());
    RowFields.int64(out, "step", 1, row.step());
    RowFields.int32(out, "epoch", 2, row.epoch());
    TrainingCurve.Point point = row.point();
    if (point != null) {
      RowFields.int64(out, "impressions", 3, point.impressions());
      RowFields.float64(out, "loss", 4, point.loss());
      RowFields.float64(out, "impressions_per_second", 5, point.impressionsPerSecond());
    }
    TrainingCurve.Progressive scores = row.scores();
    if (scores != null) {
      RowFields.int64(out, "scored_impressions", 6, scores.impressions());
      if (scores.auc() != null) {
        RowFields.float64(out, "auc", 7, scores.auc());
      }
      if (scores.gauc() != null) {
        RowFields.float64(out, "gauc", 8, scores.gauc());
      }
      RowFields.int64(out, "gauc_impressions", 9, scores.gaucImpressions());
    }
  }
}
