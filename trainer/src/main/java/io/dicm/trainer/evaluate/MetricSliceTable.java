package io.dicm.trainer.evaluate;

import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** The Parquet table of an evaluation's slices: one row a slice, value and metric. */
public final class MetricSliceTable {
  /** The columns, as Hive's table declares them. */
  public static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message metric_slice {
            required binary slice (STRING);
            required binary value (STRING);
            required binary metric (STRING);
            required double metric_value;
            optional double low;
            optional double high;
          }
          """);

  private final Configuration conf;

  public MetricSliceTable(Configuration conf) {
    this.conf = conf;
  }

  private record Row(SliceMetrics part, String metric) {}

  /**
   * Publishes the slices of an evaluation.
   *
   * @param target the partition, replaced as a whole
   */
  public void publish(Evaluation evaluation, Path target) throws IOException {
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, target)) {
      Path file = new Path(publisher.staging(), ParquetTables.partName(0));
      try (ParquetTableWriter<Row> table =
          new ParquetTableWriter<>(conf, file, SCHEMA, MetricSliceTable::write)) {
        for (SliceMetrics part : evaluation.slices()) {
          for (String metric : part.metrics().keySet().stream().sorted().toList()) {
            table.write(new Row(part, metric));
          }
        }
      }
      publisher.publish();
    }
  }

  private static void write(RecordConsumer out, Row row) {
    RowFields.string(out, "slice", 0, row.part.slice());
    RowFields.string(out, "value", 1, row.part.value());
    RowFields.string(out, "metric", 2, row.metric);
    RowFields.float64(out, "metric_value", 3, row.part.metric(row.metric));
    Interval interval = row.part.intervals().get(row.metric);
    if (interval != null) {
      RowFields.float64(out, "low", 4, interval.low());
      RowFields.float64(out, "high", 5, interval.high());
    }
  }
}
