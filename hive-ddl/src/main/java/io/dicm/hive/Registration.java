package io.dicm.hive;

import io.dicm.common.layout.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.fs.Path;

/**
 * What is registered together: all of it or nothing.
 *
 * @param workspace the workspace's directory, below which the tables lie
 * @param extractorId the extractor of the table {@code features}
 * @param partitions in the order in which they are added
 */
public record Registration(Path workspace, String extractorId, List<TablePartition> partitions) {
  public Registration {
    Objects.requireNonNull(workspace);
    partitions = List.copyOf(partitions);
    if (extractorId.isBlank()) {
      throw new IllegalArgumentException("A registration needs an extractor ID");
    }
    if (partitions.isEmpty()) {
      throw new IllegalArgumentException("A registration needs a partition");
    }
    long distinct =
        partitions.stream()
            .map(partition -> partition.table() + partition.name())
            .distinct()
            .count();
    if (distinct != partitions.size()) {
      throw new IllegalArgumentException("A partition is given twice: " + partitions);
    }
  }

  /** All outputs of one whole pipeline run, whose day's vectors are all in its own partition. */
  public static Registration ofRun(
      Workspace workspace, String extractorId, String date, String run) {
    return ofRun(workspace, extractorId, date, run, List.of(date));
  }

  /**
   * All outputs of one whole pipeline run.
   *
   * @param featureDates days whose partitions have vectors of the run's day
   */
  public static Registration ofRun(
      Workspace workspace, String extractorId, String date, String run, List<String> featureDates) {
    List<TablePartition> partitions = new ArrayList<>();
    for (String featureDate : featureDates) {
      partitions.add(
          TablePartition.of(
              HiveTable.FEATURES,
              featureDate,
              new Path(workspace.features(extractorId), "dt=" + featureDate)));
    }
    partitions.addAll(
        List.of(
            TablePartition.of(HiveTable.IMAGE_CODES, date, run, workspace.imageCodes(date, run)),
            TablePartition.of(HiveTable.PREDICTIONS, date, run, workspace.predictions(date, run)),
            TablePartition.of(HiveTable.METRICS, date, run, workspace.metrics(date, run)),
            TablePartition.of(
                HiveTable.METRIC_SLICES, date, run, workspace.metricSlices(date, run)),
            TablePartition.of(HiveTable.RUNS, date, run, workspace.runs(date, run))));
    return new Registration(workspace.root(), extractorId, partitions);
  }
}
