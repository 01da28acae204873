package io.dicm.feature.store;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
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

/**
 * The vectors of one extractor: a directory of complete {@code dt=YYYY-MM-DD} partitions, each of
 * which holds every image of its day. Safe for use by many threads.
 */
public final class FeatureStore {
  private static final String PARTITION_PREFIX = "dt=";

  private final Configuration conf;
  private final Path directory;

  private FeatureStore(Configuration conf, Path directory) {
    this.conf = conf;
    this.directory = directory;
  }

  /**
   * Opens the store of one extractor; nothing is read yet.
   *
   * @param extractorDirectory {@code Workspace.features(extractorId)}
   */
  public static FeatureStore open(Configuration conf, Path extractorDirectory) {
    return new FeatureStore(conf, extractorDirectory);
  }

  /** The extractor's directory. */
  public Path directory() {
    return directory;
  }

  /** The partition of a day, whether it exists or not. */
  public Path partition(String date) {
    return new Path(directory, PARTITION_PREFIX + date);
  }

  /**
   * The newest complete partition.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when there is none
   */
  public FeatureSnapshot snapshot() throws IOException {
    return snapshot(
        newestDate()
            .orElseThrow(
                () ->
                    new DicmException(
                        ErrorCode.INPUT_MISSING,
                        "Cannot find image vectors: there is no complete partition in "
                            + directory
                            + ". Run the extract stage first.")));
  }

  /**
   * The partition of a day.
   *
   * @param date YYYY-MM-DD
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when it is not there or not complete
   */
  public FeatureSnapshot snapshot(String date) throws IOException {
    Path partition = partition(date);
    if (!DirectoryPublisher.isComplete(conf, partition)) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot find image vectors: "
              + partition
              + " is missing or not complete. Run the extract stage for "
              + date
              + " first.");
    }
    return snapshotOf(partition);
  }

  /** Day of the newest complete partition, YYYY-MM-DD, if there is one. */
  public Optional<String> newestDate() throws IOException {
    List<String> dates = new ArrayList<>();
    for (Path partition : directories(conf, directory, name -> name.startsWith(PARTITION_PREFIX))) {
      if (DirectoryPublisher.isComplete(conf, partition)) {
        dates.add(partition.getName().substring(PARTITION_PREFIX.length()));
      }
    }
    return dates.stream().max(Comparator.naturalOrder());
  }

  private FeatureSnapshot snapshotOf(Path partition) {
    FeatureManifest manifest = FeatureManifest.read(conf, partition);
    if (!manifest.extractor().extractorId().equals(directory.getName())) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot read "
              + partition
              + ": its vectors are of extractor "
              + manifest.extractor().extractorId()
              + ", which must not be mixed with those of "
              + directory.getName()
              + ".");
    }
    return new PartitionSnapshot(conf, partition, manifest);
  }

  private static List<Path> directories(Configuration conf, Path parent, Predicate<String> name)
      throws IOException {
    FileSystem fs = parent.getFileSystem(conf);
    try {
      List<Path> directories = new ArrayList<>();
      for (FileStatus status : fs.listStatus(parent)) {
        if (status.isDirectory() && name.test(status.getPath().getName())) {
          directories.add(status.getPath());
        }
      }
      return directories;
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }
}
