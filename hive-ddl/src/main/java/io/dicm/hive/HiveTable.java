package io.dicm.hive;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** The external tables, as {@code ddl/} makes them. */
public enum HiveTable {
  FEATURES("features", ImmutableList.of("dt")),
  NEAR_DUPLICATES("near_duplicates", ImmutableList.of("dt")),
  SAMPLES("samples", ImmutableList.of("dt", "run", "split")),
  SAMPLE_ITEMS("sample_items", ImmutableList.of("dt", "run")),
  REJECTS("rejects", ImmutableList.of("dt", "run")),
  TRAINING_CURVE("training_curve", ImmutableList.of("dt", "run")),
  TRAFFIC("traffic", ImmutableList.of("dt", "run")),
  CHECKPOINTS("checkpoints", ImmutableList.of("dt", "run")),
  IMAGE_CODES("image_codes", ImmutableList.of("dt", "run")),
  PREDICTIONS("predictions", ImmutableList.of("dt", "run")),
  USER_VECTORS("user_vectors", ImmutableList.of("dt", "run")),
  ITEM_VECTORS("item_vectors", ImmutableList.of("dt", "run")),
  METRICS("metrics", ImmutableList.of("dt", "run")),
  METRIC_SLICES("metric_slices", ImmutableList.of("dt", "run")),
  RUN_CONTAINERS("run_containers", ImmutableList.of("dt", "run")),

  /** The last of a run's: the views show a run when it has a partition here. */
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

  /** Whether its partitions are of one run each, not of a day of the feature store. */
  public boolean isOfRuns() {
    return partitionColumns.contains("run");
  }

  /** Whether its partitions are parts of a directory that is published as a whole. */
  boolean isPublishedAbove() {
    return this == SAMPLES || this == SAMPLE_ITEMS;
  }
}
