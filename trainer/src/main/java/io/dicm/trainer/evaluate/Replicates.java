package io.dicm.trainer.evaluate;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * The values of the metrics in each bootstrap replicate: {@code _replicates.parquet} beside {@link
 * Evaluation#FILE}. Replicate r of one evaluation drew the same users as replicate r of any other.
 *
 * @param rows one for each metric of each part
 */
public record Replicates(List<Row> rows) {
  /** The file's name in a metrics partition. */
  static final String FILE = "_replicates.parquet";

  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message replicates {
            required binary slice (STRING);
            required binary value (STRING);
            required binary metric (STRING);
            required group replicates (LIST) {
              repeated group list { required double element; }
            }
          }
          """);

  public Replicates {
    rows = List.copyOf(rows);
  }

  /**
   * @param values [replicates]; not a number where a replicate's users do not define the metric
   */
  public record Row(String slice, String value, String metric, double[] values) {}

  /** The replicates of one metric of one part. */
  public Optional<double[]> of(String slice, String value, String metric) {
    return rows.stream()
        .filter(row -> row.slice.equals(slice))
        .filter(row -> row.value.equals(value))
        .filter(row -> row.metric.equals(metric))
        .map(Row::values)
        .findFirst();
  }

  /**
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when the partition has no replicates
   */
  public static Replicates read(Configuration conf, Path metricsDirectory) throws IOException {
    Path file = new Path(metricsDirectory, FILE);
    if (!file.getFileSystem(conf).exists(file)) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot read " + file + ": there is no such file. Evaluate the run again.");
    }
    List<Row> rows = new ArrayList<>();
    ParquetTables.read(conf, file, row -> rows.add(row(row)));
    return new Replicates(rows);
  }

  public void write(Configuration conf, Path metricsDirectory) throws IOException {
    try (ParquetTableWriter<Row> file =
        new ParquetTableWriter<>(
            conf, new Path(metricsDirectory, FILE), SCHEMA, Replicates::write)) {
      for (Row row : rows) {
        file.write(row);
      }
    }
  }

  private static Row row(Group row) {
    Group list = row.getGroup("replicates", 0);
    double[] values = new double[list.getFieldRepetitionCount(0)];
    for (int r = 0; r < values.length; r++) {
      values[r] = list.getGroup(0, r).getDouble(0, 0);
    }
    return new Row(
        row.getString("slice", 0), row.getString("value", 0), row.getString("metric", 0), values);
  }

  private static void write(RecordConsumer out, Row row) {
    RowFields.string(out, "slice", 0, row.slice);
    RowFields.string(out, "value", 1, row.value);
    RowFields.string(out, "metric", 2, row.metric);
    RowFields.list(
        out, "replicates", 3, row.values.length, index -> out.addDouble(row.values[index]));
  }
}
