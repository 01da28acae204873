package io.dicm.common.layout;

import org.apache.hadoop.fs.Path;

/**
 * Where a pipeline's outputs lie below its workspace directory. Hive's external tables point at the
 * directories above {@code dt=}.
 *
 * @param root the workspace directory, {@code dicm.workspace.path}
 */
public record Workspace(Path root) {
  /** The feature store of one extractor; below it {@code dt=YYYY-MM-DD} partitions. */
  public Path features(String extractorId) {
    return new Path(new Path(root, "features"), extractorId);
  }

  /** Groups of near-duplicates among the images of a day's partition; one row an image. */
  public Path nearDuplicates(String extractorId, String date) {
    return new Path(new Path(table("near_duplicates"), extractorId), "dt=" + date);
  }

  /** Training samples of a run: {@code train/} and {@code test/} below it. */
  public Path samples(String run) {
    return new Path(new Path(root, "samples"), "run=" + run);
  }

  /** The trained model of a run. */
  public Path model(String run) {
    return new Path(new Path(root, "models"), "run=" + run);
  }

  /**
   * The checkpoints of a run's training: below it a directory for each application that made some.
   */
  public Path checkpoints(String run) {
    return new Path(new Path(root, "checkpoints"), "run=" + run);
  }

  /** Image codes; one row an image. */
  public Path imageCodes(String date, String run) {
    return partition("image_codes", date, run);
  }

  /** Predictions; one row an impression. */
  public Path predictions(String date, String run) {
    return partition("predictions", date, run);
  }

  /** Vectors of users, of a model with towers; one row a user. */
  public Path userVectors(String date, String run) {
    return partition("user_vectors", date, run);
  }

  /** Vectors of items, of a model with towers; one row an item. */
  public Path itemVectors(String date, String run) {
    return partition("item_vectors", date, run);
  }

  /** Metrics; one row a metric. */
  public Path metrics(String date, String run) {
    return partition("metrics", date, run);
  }

  /** The directory of a run's {@code report.html}; no table of Hive's. */
  public Path report(String date, String run) {
    return partition("reports", date, run);
  }

  /** Metrics by slice; one row a slice, value and metric. */
  public Path metricSlices(String date, String run) {
    return partition("metric_slices", date, run);
  }

  /** The run's own history; one row a stage. */
  public Path runs(String date, String run) {
    return partition("runs", date, run);
  }

  /** Containers of the run's gangs; one row a container. */
  public Path runContainers(String date, String run) {
    return partition("run_containers", date, run);
  }

  /** What the run left out; one row a picture or row of the input. */
  public Path rejects(String date, String run) {
    return partition("rejects", date, run);
  }

  /** How the run's training went; one row a measurement. */
  public Path trainingCurve(String date, String run) {
    return partition("training_curve", date, run);
  }

  /** Bytes that the run's servers moved; one row a server and class. */
  public Path traffic(String date, String run) {
    return partition("traffic", date, run);
  }

  /** What {@link #checkpoints} had when the run was published; one row a checkpoint. */
  public Path checkpointList(String date, String run) {
    return partition("checkpoint_list", date, run);
  }

  /** An ablation's tables, and what its runs were made with. */
  public Path ablation(String name) {
    return new Path(ablations(), "name=" + name);
  }

  /** The directories of all ablations: {@link #ablation} of each. */
  public Path ablations() {
    return new Path(root, "ablations");
  }

  /** What an ablation's runs were made with: a file {@code RUN.json} for each that has begun. */
  public Path ablationRuns(String name) {
    return new Path(ablation(name), "_runs");
  }

  /** The directory of a table, above its partitions. */
  public Path table(String name) {
    return new Path(root, name);
  }

  private Path partition(String table, String date, String run) {
    return new Path(new Path(table(table), "dt=" + date), "run=" + run);
  }
}
