package io.dicm.app.client;

import io.dicm.app.master.history.RunFiles;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The histories of a workspace's runs. */
public final class RunArchive {
  private static final Logger LOG = LoggerFactory.getLogger(RunArchive.class);
  private static final String DAY = "dt=";
  private static final String RUN = "run=";

  private final Configuration conf;
  private final Path table;
  private final RunFiles files;

  public RunArchive(Configuration conf, Workspace workspace) {
    this.conf = conf;
    this.table = workspace.table("runs");
    this.files = new RunFiles(conf);
  }

  /**
   * All runs, newest day first, then by name. A history that cannot be read is left out with a
   * warning.
   *
   * @param date the day wanted; empty: all
   */
  public List<RunSnapshot> list(String date) throws IOException {
    List<RunSnapshot> runs = new ArrayList<>();
    for (Path day : below(table, DAY)) {
      if (date.isEmpty() || day.getName().equals(DAY + date)) {
        for (Path run : below(day, RUN)) {
          read(run).ifPresent(runs::add);
        }
      }
    }
    runs.sort(Comparator.comparing(RunSnapshot::date).reversed().thenComparing(RunSnapshot::run));
    return runs;
  }

  /**
   * One run.
   *
   * @param name the run's, or the ID of an application that worked on it
   * @param date the day wanted; empty: the newest
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when there is none
   */
  public RunSnapshot find(String name, String date) throws IOException {
    Predicate<RunSnapshot> wanted =
        run ->
            run.run().equals(name)
                || run.applicationId().equals(name)
                || run.page().applications().contains(name);
    return list(date).stream()
        .filter(wanted)
        .findFirst()
        .orElseThrow(
            () ->
                new DicmException(
                    ErrorCode.INPUT_MISSING,
                    "Cannot show '%s'%s: %s has no history of it. Without a name, dicm history lists what there is; a run that goes on has its history at its end."
                        .formatted(name, date.isEmpty() ? "" : " of " + date, table)));
  }

  private Optional<RunSnapshot> read(Path directory) {
    try {
      return Optional.of(files.read(directory));
    } catch (DicmException e) {
      LOG.warn("The history in {} is left out: {}", directory, e.getMessage());
      return Optional.empty();
    }
  }

  private List<Path> below(Path directory, String prefix) throws IOException {
    FileSystem fs = directory.getFileSystem(conf);
    List<Path> found = new ArrayList<>();
    try {
      for (FileStatus status : fs.listStatus(directory)) {
        if (status.isDirectory() && status.getPath().getName().startsWith(prefix)) {
          found.add(status.getPath());
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    return found;
  }
}
