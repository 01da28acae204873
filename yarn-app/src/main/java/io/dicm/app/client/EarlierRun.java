package io.dicm.app.client;

import io.dicm.app.master.history.RunFiles;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.history.StageRecord;
import io.dicm.app.master.history.StageState;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.layout.Workspace;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A run of an earlier day that has trained a model, by the workspace's own record.
 *
 * @param date its day
 * @param run its name
 * @param trainedAtMs when its training ended, milliseconds since 1970 UTC
 */
record EarlierRun(LocalDate date, String run, long trainedAtMs) {
  /** Newest day first, of one day the last trained first. */
  private static final Comparator<EarlierRun> NEWEST_FIRST =
      Comparator.comparing(EarlierRun::date).thenComparingLong(EarlierRun::trainedAtMs).reversed();

  /**
   * Those of all days before this one that a series may begin with, newest first. Runs whose record
   * is incomplete have none, and those of ablations are no part of a series: most of their models
   * are worse on purpose.
   */
  static List<EarlierRun> before(
      Configuration conf, Workspace workspace, LocalDate day, IncrementalStart start)
      throws IOException {
    Path table = workspace.table("runs");
    FileSystem fs = table.getFileSystem(conf);
    RunFiles files = new RunFiles(conf);
    Set<String> ofAblations = ofAblations(fs, workspace);
    List<EarlierRun> earlier = new ArrayList<>();
    for (FileStatus partition : list(fs, table)) {
      Optional<LocalDate> date = dateOf(partition.getPath().getName()).filter(day::isAfter);
      if (date.isEmpty()) {
        continue;
      }
      for (FileStatus run : list(fs, partition.getPath())) {
        boolean counts = !ofAblations.contains(run.getPath().getName());
        if (counts && DirectoryPublisher.isComplete(conf, run.getPath())) {
          of(date.get(), files.read(run.getPath()), start).ifPresent(earlier::add);
        }
      }
    }
    earlier.sort(NEWEST_FIRST);
    return earlier;
  }

  /**
   * Partitions of runs that ablations have trained. The run that has an ablation's own name is not
   * one: it prepares, and may have the name of a daily run.
   */
  private static Set<String> ofAblations(FileSystem fs, Workspace workspace) throws IOException {
    Set<String> partitions = new HashSet<>();
    for (FileStatus directory : list(fs, workspace.ablations())) {
      String ablation = directory.getPath().getName().replaceFirst("^name=", "");
      for (FileStatus record : list(fs, workspace.ablationRuns(ablation))) {
        String run = record.getPath().getName().replaceFirst("\\.json$", "");
        if (!run.equals(ablation)) {
          partitions.add("run=" + run);
        }
      }
    }
    return partitions;
  }

  private static Optional<EarlierRun> of(LocalDate date, RunSnapshot run, IncrementalStart start) {
    Optional<Long> trained = succeededAt(run, StageName.TRAIN);
    if (start == IncrementalStart.PUBLISHED) {
      // One that was trained again, and not published since, is another model.
      trained =
          trained.filter(
              at -> succeededAt(run, StageName.PUBLISH).filter(then -> then >= at).isPresent());
    }
    return trained.map(at -> new EarlierRun(date, run.run(), at));
  }

  private static Optional<Long> succeededAt(RunSnapshot run, StageName name) {
    return run.stages().stream()
        .filter(stage -> stage.stage().equals(name.label()))
        .filter(stage -> stage.state() == StageState.SUCCEEDED)
        .map(StageRecord::finishedAtMs)
        .findFirst();
  }

  private static Optional<LocalDate> dateOf(String partition) {
    if (!partition.startsWith("dt=")) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.parse(partition.substring("dt=".length())));
    } catch (DateTimeException e) {
      return Optional.empty(); // Somebody else's directory.
    }
  }

  private static List<FileStatus> list(FileSystem fs, Path directory) throws IOException {
    try {
      return List.of(fs.listStatus(directory));
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  @Override
  public String toString() {
    return "run '" + run + "' of " + date;
  }
}
