package io.dicm.app.master.checkpoint;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.app.launch.CheckpointNames;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one application's training: {@code <run's directory>/<application ID>/step=N}.
 * A training that is started again goes on only from those of its own application, so never from
 * another input's; what earlier applications left for the run goes when this one has a checkpoint
 * or has ended well.
 *
 * <p>Each incarnation of the gang has a staging directory of its own. A process of an earlier one
 * that still writes can so never change a newer one's parts. Not safe for use by many threads.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final String STAGING = "_staging-epoch=";

  private final Configuration conf;
  private final FileSystem fs;
  private final Path directory;
  private final List<Path> earlier;

  /**
   * @param runDirectory of the run's checkpoints; need not be there
   * @param applicationId of this application
   */
  public CheckpointStore(Configuration conf, Path runDirectory, String applicationId)
      throws IOException {
    this.conf = conf;
    this.fs = runDirectory.getFileSystem(conf);
    this.directory = new Path(runDirectory, applicationId);
    this.earlier =
        list(fs, runDirectory).stream()
            .map(FileStatus::getPath)
            .filter(path -> !path.getName().equals(applicationId))
            .toList();
  }

  /** Where the checkpoint after so many steps is, or will be. */
  public Path directory(long steps) {
    return new Path(directory, CheckpointNames.of(steps));
  }

  /** Where the servers of an incarnation put the parts of their checkpoints. */
  public Path staging(long epoch) {
    return new Path(directory, STAGING + epoch);
  }

  /** Steps of the checkpoints that are there, ascending. */
  public List<Long> steps() throws IOException {
    return steps(conf, fs, directory);
  }

  /**
   * The newest whole checkpoint. Newer ones that are not whole are removed: training will come to
   * their steps again.
   */
  public Optional<Checkpoint> newest() throws IOException {
    List<Long> steps = steps();
    for (int i = steps.size() - 1; i >= 0; i--) {
      Path candidate = directory(steps.get(i));
      try {
        Checkpoint checkpoint = Checkpoint.open(conf, candidate);
        checkpoint.verifyDigests();
        return Optional.of(checkpoint);
      } catch (DicmException e) {
        if (e.code() != ErrorCode.STORE_CORRUPT) {
          throw e;
        }
        LOG.warn("{} is removed: {}", candidate, e.oneLine());
        fs.delete(candidate, true);
      }
    }
    return Optional.empty();
  }

  /** Removes all but the newest so many, and those of earlier applications. */
  public void keepNewest(int kept) {
    try {
      List<Long> steps = steps();
      for (long old : steps.subList(0, Math.max(0, steps.size() - kept))) {
        delete(directory(old));
      }
    } catch (IOException e) {
      LOG.warn("Cannot list {}: {}", directory, e.getMessage());
    }
    deleteEarlier();
  }

  /** Removes what earlier applications left for the run. */
  public void deleteEarlier() {
    earlier.forEach(this::delete);
  }

  /** Removes parts of checkpoints before this one: they were never all there. */
  public void deleteParts(long epoch, long beforeSteps) {
    try {
      for (FileStatus parts : list(fs, staging(epoch))) {
        CheckpointNames.steps(parts.getPath().getName())
            .ifPresent(
                steps -> {
                  if (steps < beforeSteps) {
                    delete(parts.getPath());
                  }
                });
      }
    } catch (IOException e) {
      LOG.warn("Cannot list {}: {}", staging(epoch), e.getMessage());
    }
  }

  /** Removes an incarnation's staging directory; when its gang has ended. */
  public void deleteStaging(long epoch) {
    delete(staging(epoch));
  }

  /** Removes all staging directories; while no gang runs. */
  public void deleteStaging() {
    try {
      for (FileStatus entry : list(fs, directory)) {
        if (entry.getPath().getName().startsWith(STAGING)) {
          delete(entry.getPath());
        }
      }
    } catch (IOException e) {
      LOG.warn("Cannot list {}: {}", directory, e.getMessage());
    }
  }

  /** The last checkpoint below a run's directory, of whichever application: the one made last. */
  static Optional<Path> lastOf(Configuration conf, Path runDirectory) throws IOException {
    FileSystem fs = runDirectory.getFileSystem(conf);
    List<Path> last = new ArrayList<>();
    for (FileStatus application : list(fs, runDirectory)) {
      Path directory = application.getPath();
      List<Long> steps = steps(conf, fs, directory);
      if (!steps.isEmpty()) {
        last.add(new Path(directory, CheckpointNames.of(steps.get(steps.size() - 1))));
      }
    }
    List<FileStatus> markers = new ArrayList<>();
    for (Path checkpoint : last) {
      markers.add(fs.getFileStatus(new Path(checkpoint, DirectoryPublisher.SUCCESS)));
    }
    return markers.stream()
        .max(Comparator.comparingLong(FileStatus::getModificationTime))
        .map(marker -> marker.getPath().getParent());
  }

  /** All complete checkpoints below a run's directory, by application and steps. */
  public static List<Path> all(Configuration conf, Path runDirectory) throws IOException {
    FileSystem fs = runDirectory.getFileSystem(conf);
    List<FileStatus> applications = new ArrayList<>(list(fs, runDirectory));
    applications.sort(Comparator.comparing(FileStatus::getPath));
    List<Path> all = new ArrayList<>();
    for (FileStatus application : applications) {
      for (long steps : steps(conf, fs, application.getPath())) {
        all.add(new Path(application.getPath(), CheckpointNames.of(steps)));
      }
    }
    return all;
  }

  private static List<Long> steps(Configuration conf, FileSystem fs, Path directory)
      throws IOException {
    List<Long> steps = new ArrayList<>();
    for (FileStatus entry : list(fs, directory)) {
      if (DirectoryPublisher.isComplete(conf, entry.getPath())) {
        CheckpointNames.steps(entry.getPath().getName()).ifPresent(steps::add);
      }
    }
    steps.sort(Comparator.naturalOrder());
    return steps;
  }

  private static List<FileStatus> list(FileSystem fs, Path directory) throws IOException {
    try {
      return List.of(fs.listStatus(directory));
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  /** What cannot be removed takes room, but harms nobody. */
  private void delete(Path path) {
    try {
      fs.delete(path, true);
    } catch (IOException e) {
      LOG.warn("Cannot delete {}: {}", path, e.getMessage());
    }
  }
}
