package io.dicm.hive;

import io.dicm.common.layout.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;

/**
 * What is registered together: all of it or nothing. The last partition makes the others visible:
 * of a run it is that of {@link HiveTable#RUNS}.
 *
 * @param workspace the workspace's directory, below which the tables lie
 * @param extractorId the extractor of the table {@code features}
 * @param schemaDigest of the run's features, for people who look at the tables; empty while unknown
 * @param partitions in the order in which they are added
 * @param absent partitions that are not to be: an earlier run of this name may have had them
 */
public record Registration(
    Path workspace,
    String extractorId,
    String schemaDigest,
    List<TablePartition> partitions,
    List<TablePartition> absent) {
  /** While the digest of the features is unknown. */
  public Registration(Path workspace, String extractorId, List<TablePartition> partitions) {
    this(workspace, extractorId, "", partitions, List.of());
  }

  public Registration {
    Objects.requireNonNull(schemaDigest);
    Objects.requireNonNull(workspace);
    partitions = List.copyOf(partitions);
    absent = List.copyOf(absent);
    if (extractorId.isBlank()) {
      throw new IllegalArgumentException("A registration needs an extractor ID");
    }
    if (partitions.isEmpty()) {
      throw new IllegalArgumentException("A registration needs a partition");
    }
    long distinct =
        Stream.concat(partitions.stream(), absent.stream())
            .map(partition -> partition.table() + partition.name())
            .distinct()
            .count();
    if (distinct != partitions.size() + absent.size()) {
      throw new IllegalArgumentException("A partition is given twice: " + partitions + absent);
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

  /**
   * What a run may have besides, such as near-duplicates, which a command of their own finds,
   * vectors, which a model with towers gives, and tables that runs of earlier versions lack. Add
   * those {@link #with} that are published.
   */
  public static List<TablePartition> besides(
      Workspace workspace, String extractorId, String date, String run) {
    Path samples = workspace.samples(run);
    return List.of(
        TablePartition.of(
            HiveTable.NEAR_DUPLICATES, date, workspace.nearDuplicates(extractorId, date)),
        TablePartition.of(HiveTable.SAMPLES, date, run, "train", new Path(samples, "train")),
        TablePartition.of(HiveTable.SAMPLES, date, run, "test", new Path(samples, "test")),
        TablePartition.of(HiveTable.SAMPLE_ITEMS, date, run, new Path(samples, "items")),
        TablePartition.of(HiveTable.REJECTS, date, run, workspace.rejects(date, run)),
        TablePartition.of(HiveTable.TRAINING_CURVE, date, run, workspace.trainingCurve(date, run)),
        TablePartition.of(HiveTable.TRAFFIC, date, run, workspace.traffic(date, run)),
        TablePartition.of(HiveTable.CHECKPOINTS, date, run, workspace.checkpointList(date, run)),
        TablePartition.of(HiveTable.USER_VECTORS, date, run, workspace.userVectors(date, run)),
        TablePartition.of(HiveTable.ITEM_VECTORS, date, run, workspace.itemVectors(date, run)),
        TablePartition.of(HiveTable.RUN_CONTAINERS, date, run, workspace.runContainers(date, run)));
  }

  /** The same with more partitions, added before the last one. */
  public Registration with(List<TablePartition> more) {
    List<TablePartition> all = new ArrayList<>(partitions);
    all.addAll(all.size() - 1, more);
    return new Registration(workspace, extractorId, schemaDigest, all, absent);
  }

  /** The same with partitions that are taken out where they are. */
  public Registration without(List<TablePartition> others) {
    return new Registration(workspace, extractorId, schemaDigest, partitions, others);
  }

  /** The same with the digest of the run's features. */
  public Registration ofSchema(String digest) {
    return new Registration(workspace, extractorId, digest, partitions, absent);
  }
}
