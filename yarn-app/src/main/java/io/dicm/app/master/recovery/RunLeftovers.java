package io.dicm.app.master.recovery;

import io.dicm.app.master.checkpoint.CheckpointStore;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.layout.Workspace;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an application whose master was killed leaves beside the outputs of its run: directories
 * that were to be published, earlier outputs that were moved aside, and parts of checkpoints, all
 * by the application's ID in their names ({@link DirectoryPublisher#OWNER}). The feature store,
 * which runs share, has its own way ({@code dicm features}).
 */
public final class RunLeftovers {
  private static final int SUFFIX_LENGTH = new UUID(0, 0).toString().length();
  private static final Logger LOG = LoggerFactory.getLogger(RunLeftovers.class);

  private final Configuration conf;
  private final List<Path> targets;
  private final Path checkpoints;
  private final String applicationId;

  /**
   * @param settings of the application
   * @param applicationId YARN's
   */
  public RunLeftovers(Configuration conf, PipelineSettings settings, String applicationId) {
    this(conf, outputs(settings), settings.workspace().checkpoints(settings.run()), applicationId);
  }

  /**
   * @param targets directories that are published as a whole
   * @param checkpoints directory of the run's
   */
  RunLeftovers(Configuration conf, List<Path> targets, Path checkpoints, String applicationId) {
    this.conf = conf;
    this.checkpoints = checkpoints;
    this.applicationId = applicationId;
    // A path made from a URI may end in "/": it would have no name.
    this.targets = targets.stream().map(path -> new Path(path.toString())).toList();
  }

  /**
   * Removes them; an output that was moved aside and has no successor comes back. To be called
   * while nobody works on the run.
   */
  public void remove() {
    for (Path target : targets) {
      try {
        remove(target);
      } catch (IOException e) {
        // They take room, but harm nobody.
        LOG.warn("Cannot tidy up beside {}: {}", target, e.getMessage());
      }
    }
    try {
      new CheckpointStore(conf, checkpoints, applicationId).deleteStaging();
    } catch (IOException e) {
      LOG.warn("Cannot tidy up in {}: {}", checkpoints, e.getMessage());
    }
  }

  private void remove(Path target) throws IOException {
    FileSystem fs = target.getFileSystem(conf);
    for (FileStatus entry : list(fs, target.getParent())) {
      Path path = entry.getPath();
      String name = path.getName();
      if (isFor(target, DirectoryPublisher.STAGING, name)) {
        LOG.info("Removing {}, which was left unfinished", path);
        fs.delete(path, true);
      } else if (isFor(target, DirectoryPublisher.ASIDE, name)) {
        bringBackOrRemove(fs, path, target);
      }
    }
  }

  /** Of this application alone: another may work on the same run. */
  private boolean isFor(Path target, String prefix, String name) {
    String beginning = prefix + target.getName() + "-" + applicationId + "-";
    return name.startsWith(beginning) && name.length() == beginning.length() + SUFFIX_LENGTH;
  }

  private void bringBackOrRemove(FileSystem fs, Path aside, Path target) throws IOException {
    if (!fs.exists(target) && fs.rename(aside, target)) {
      LOG.info("Moved {} back: its successor never came", target);
    } else if (DirectoryPublisher.isComplete(conf, target)) {
      fs.delete(aside, true);
    }
  }

  private static List<FileStatus> list(FileSystem fs, Path directory) throws IOException {
    try {
      return List.of(fs.listStatus(directory));
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  private static List<Path> outputs(PipelineSettings settings) {
    Workspace workspace = settings.workspace();
    String date = settings.date();
    String run = settings.run();
    return List.of(
        workspace.samples(run),
        workspace.model(run),
        workspace.predictions(date, run),
        workspace.userVectors(date, run),
        workspace.itemVectors(date, run),
        workspace.metrics(date, run),
        workspace.metricSlices(date, run),
        workspace.imageCodes(date, run),
        workspace.trainingCurve(date, run),
        workspace.traffic(date, run),
        workspace.rejects(date, run),
        workspace.checkpointList(date, run),
        workspace.runContainers(date, run),
        workspace.runs(date, run));
  }
}
