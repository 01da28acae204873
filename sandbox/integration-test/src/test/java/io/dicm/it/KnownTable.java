package io.dicm.it;

import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.layout.Workspace;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.RowFields;
import io.dicm.hive.HiveTable;
import io.dicm.hive.Registration;
import io.dicm.hive.TablePartition;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Tables without arrays with a few known rows, in the schemas that DICM writes them in. */
final class KnownTable {
  static final KnownTable NEAR_DUPLICATES =
      new KnownTable(
          HiveTable.NEAR_DUPLICATES,
          "required int64 group_id; required binary image_id (STRING); required int64 image_key;"
              + " required binary representative (STRING); required int32 hamming_distance;"
              + " required double cosine;",
          row(7L, "image-0", 7L, "image-0", 0, 1.0),
          row(7L, "image-1", 8L, "image-0", 3, 0.97));

  /** Of the directory of the samples, which is published as a whole. */
  static final KnownTable SAMPLE_ITEMS =
      new KnownTable(
          null,
          "required binary item_id (STRING); required int64 train_exposures; required int64"
              + " train_clicks; required int64 shown_exposures; required int64 first_seen;",
          row("item-0", 90L, 9L, 90L, 1_767_225_600L),
          row("item-1", 10L, 0L, 10L, 1_767_225_601L),
          row("item-4", 0L, 0L, 0L, 1_767_225_602L),
          row("item-5", 0L, 0L, 0L, 1_767_225_603L));

  static final KnownTable REJECTS =
      new KnownTable(
          HiveTable.REJECTS,
          "required binary source (STRING); required binary place (STRING); optional binary image_id"
              + " (STRING); required binary reason (STRING); required binary detail (STRING);",
          row("images", "/pictures/a.png", "a", "NO_IMAGE", "it has 0 bytes"),
          row("impressions", "impressions.csv:7", null, "bad_label", "label was '7'"));

  static final KnownTable TRAINING_CURVE =
      new KnownTable(
          HiveTable.TRAINING_CURVE,
          "required int32 worker; required int64 step; required int32 epoch; optional int64"
              + " impressions; optional double loss; optional double impressions_per_second; optional"
              + " int64 scored_impressions; optional double auc; optional double gauc; optional int64"
              + " gauc_impressions;",
          row(0, 10L, 0, 640L, 0.69, 812.5, null, null, null, null),
          row(0, 20L, 0, 1280L, 0.61, 800.25, 1024L, 0.55, null, 0L));

  static final KnownTable TRAFFIC =
      new KnownTable(
          HiveTable.TRAFFIC,
          "required int32 server; required binary traffic_class (STRING); required int64 bytes;"
              + " optional int64 raw_vector_bytes; required int64 steps;",
          row(0, "IMAGE_CODES", 480L, 163_840L, 10L),
          row(0, "IMAGE_KEYS", 80L, null, 10L),
          row(1, "IMAGE_CODES", 96L, 32_768L, 10L));

  static final KnownTable CHECKPOINTS =
      new KnownTable(
          HiveTable.CHECKPOINTS,
          "required binary application_id (STRING); required int64 steps; required int64 made_at;"
              + " required binary location (STRING); required int32 servers; required int64 bytes;"
              + " required binary extractor (STRING); required binary schema_digest (STRING);",
          row(
              "application_1_1",
              100L,
              1_767_225_600_000L,
              "/c/step=100",
              2,
              4711L,
              "known",
              "digest"));

  static final KnownTable METRICS =
      new KnownTable(
          HiveTable.METRICS,
          "required binary metric (STRING); required double value;",
          row("auc", 0.75),
          row("gauc", 0.7));

  static final KnownTable METRIC_SLICES =
      new KnownTable(
          HiveTable.METRIC_SLICES,
          "required binary slice (STRING); required binary value (STRING); required binary metric"
              + " (STRING); optional double metric_value; optional double low; optional double high;",
          row("all", "all", "auc", 0.75, 0.7, 0.8),
          row("image", "missing", "auc", null, null, null));

  static final KnownTable RUN_CONTAINERS =
      new KnownTable(
          HiveTable.RUN_CONTAINERS,
          "required binary container_id (STRING); required binary stage (STRING); required binary role"
              + " (STRING); required int32 index; required binary state (STRING); required binary node"
              + " (STRING); required int32 memory_mb; required int64 peak_resident_bytes; required"
              + " int64 first_seen_at; required int64 last_seen_at; required int64 done; required"
              + " int64 total; required binary note (STRING);",
          row(
              "c1",
              "train",
              "server",
              0,
              "ended",
              "n:1",
              1024,
              2_097_153L,
              1000L,
              7_201_000L,
              5L,
              5L,
              "done"),
          row(
              "c2",
              "train",
              "server",
              0,
              "failed",
              "n:2",
              2048,
              0L,
              1000L,
              1_801_000L,
              0L,
              5L,
              ""));

  static final KnownTable RUNS =
      new KnownTable(
          HiveTable.RUNS,
          "required binary stage (STRING); required binary state (STRING); required int64 started_at;"
              + " required int64 finished_at; required int64 duration_ms; required binary detail"
              + " (STRING);",
          row("train", "SUCCEEDED", 1000L, 3000L, 2000L, "10 steps"),
          row("predict", "SUCCEEDED", 3000L, 4000L, 1000L, "400 impressions"));

  private static final List<KnownTable> ALL =
      List.of(
          NEAR_DUPLICATES,
          SAMPLE_ITEMS,
          REJECTS,
          TRAINING_CURVE,
          TRAFFIC,
          CHECKPOINTS,
          METRICS,
          METRIC_SLICES,
          RUN_CONTAINERS,
          RUNS);

  private final HiveTable table;
  private final MessageType schema;
  private final List<List<Object>> rows;

  private KnownTable(HiveTable table, String columns, Object[]... rows) {
    this.table = table;
    this.schema = MessageTypeParser.parseMessageType("message row { " + columns + " }");
    this.rows = Arrays.stream(rows).map(Arrays::asList).toList();
  }

  /** All of them. */
  static List<KnownTable> all() {
    return ALL;
  }

  /** Where it lies; null for what is part of another directory. */
  Path partition(Workspace workspace, String extractor, String day, String run) {
    return Stream.concat(
            Registration.ofRun(workspace, extractor, day, run).partitions().stream(),
            Registration.besides(workspace, extractor, day, run).stream())
        .filter(partition -> partition.table() == table)
        .map(TablePartition::location)
        .findFirst()
        .orElse(null);
  }

  /** Publishes its rows, unless it has no directory of its own. */
  void publish(Configuration conf, Path directory) throws IOException {
    if (directory == null) {
      return;
    }
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, directory)) {
      write(conf, new Path(publisher.staging(), "part-00000.parquet"));
      publisher.publish();
    }
  }

  /** Writes its rows to a file. */
  void write(Configuration conf, Path file) throws IOException {
    try (ParquetTableWriter<List<Object>> writer =
        new ParquetTableWriter<>(conf, file, schema, this::write)) {
      for (List<Object> row : rows) {
        writer.write(row);
      }
    }
  }

  private void write(RecordConsumer out, List<Object> row) {
    for (int i = 0; i < row.size(); i++) {
      String column = schema.getFieldName(i);
      Object value = row.get(i);
      if (value instanceof String text) {
        RowFields.string(out, column, i, text);
      } else if (value instanceof Long number) {
        RowFields.int64(out, column, i, number);
      } else if (value instanceof Integer number) {
        RowFields.int32(out, column, i, number);
      } else if (value instanceof Double number) {
        RowFields.float64(out, column, i, number);
      }
    }
  }

  private static Object[] row(Object... values) {
    return values;
  }
}
