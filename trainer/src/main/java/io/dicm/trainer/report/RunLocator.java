package io.dicm.trainer.report;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Finds out whether a workspace has a run, and of which days. */
final class RunLocator {
  private static final String DAY = "dt=";
  private static final List<String> TABLES =
      List.of("metrics", "predictions", "image_codes", "runs");

  private final Configuration conf;
  private final Workspace workspace;

  RunLocator(Configuration conf, Workspace workspace) {
    this.conf = conf;
    this.workspace = workspace;
  }

  /**
   * The day to report on.
   *
   * @param date the wanted one; empty: the newest that the run has partitions of
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when there is no such run
   */
  String date(String date, String run) throws IOException {
    FileSystem fs = workspace.root().getFileSystem(conf);
    Optional<String> newest = newest(fs, date, run);
    if (newest.isPresent()) {
      return newest.get();
    }
    boolean known = fs.exists(workspace.model(run)) || fs.exists(workspace.samples(run));
    if (!known) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot report on run '%s'%s: the workspace %s has nothing of it. Name a run that a pipeline has made, or another --workspace."
              .formatted(run, date.isEmpty() ? "" : " of " + date, workspace.root()));
    }
    if (date.isEmpty()) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot report on run '%s': the workspace %s has samples or a model of it, and no partition that tells the day. Name it with --date."
              .formatted(run, workspace.root()));
    }
    return date;
  }

  private Optional<String> newest(FileSystem fs, String date, String run) throws IOException {
    TreeSet<String> days = new TreeSet<>(Comparator.naturalOrder());
    for (String table : TABLES) {
      for (String day : date.isEmpty() ? days(fs, workspace.table(table)) : List.of(date)) {
        if (fs.exists(new Path(new Path(workspace.table(table), DAY + day), "run=" + run))) {
          days.add(day);
        }
      }
    }
    return days.isEmpty() ? Optional.empty() : Optional.of(days.last());
  }

  private static List<String> days(FileSystem fs, Path table) throws IOException {
    TreeSet<String> days = new TreeSet<>();
    try {
      for (FileStatus status : fs.listStatus(table)) {
        String name = status.getPath().getName();
        if (name.startsWith(DAY)) {
          days.add(name.substring(DAY.length()));
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    return List.copyOf(days);
  }
}
