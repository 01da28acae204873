package io.dicm.hive;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** The external tables, as {@code ddl/} makes them. */
public enum HiveTable {
  FEATURES("features", ImmutableList.of("dt")),
  IMAGE_CODES("image_codes", ImmutableList.of("dt", "run")),
  PREDICTIONS("predictions", ImmutableList.of("dt", "run")),
  METRICS("metrics", ImmutableList.of("dt", "run")),
  METRIC_SLICES("metric_slices", ImmutableList.of("dt", "run")),
  RUNS("runs", ImmutableList.of("dt", "run"));

  private final String tableName;
  private final ImmutableList<String> partitionColumns;

  HiveTable(String tableName, ImmutableList<String> partitionColumns) {
    this.tableName = tableName;
    this.partitionColumns = partitionColumns;
  }

  /** The name in Hive. */
  public String tableName() {
    return tableName;
  }

  /** The columns by which it is partitioned, in order. */
  public List<String> partitionColumns() {
    return partitionColumns;
  }
}
