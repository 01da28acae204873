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
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The vectors of one extractor: a directory of {@code dt=YYYY-MM-DD} partitions. A partition has
 * the images that were new or changed on its day and a manifest of everything that was known then,
 * in files of its own and of earlier partitions. Published files never change. Safe for use by many
 * threads.
 */
public final class FeatureStore {
  /** How the names of partitions begin. */
  static final String PARTITION_PREFIX = "dt=";

  /** The marker of a partition whose snapshot has expired, while others still use its files. */
  static final String EXPIRED = "_expired";

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
   * The newest snapshot.
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
   * The snapshot that was published for a day.
   *
   * @param date YYYY-MM-DD
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when it is not there or not complete
   */
  public FeatureSnapshot snapshot(String date) throws IOException {
    Path partition = partition(date);
    if (!isReadable(partition)) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot find image vectors: "
              + partition
              + " is missing or not complete, or has expired. Run the extract stage for "
              + date
              + " first.");
    }
    return snapshotOf(partition);
  }

  /**
   * What was known on a day: the snapshot of that day or of the last one before it.
   *
   * @param date YYYY-MM-DD
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when there is none so early
   */
  public FeatureSnapshot snapshotAsOf(String date) throws IOException {
    return snapshot(
        dates().stream()
            .filter(known -> known.compareTo(date) <= 0)
            .reduce((first, second) -> second)
            .orElseThrow(
                () ->
                    new DicmException(
                        ErrorCode.INPUT_MISSING,
                        "Cannot find image vectors of "
                            + date
                            + ": "
                            + directory
                            + " has no snapshot of that day or an earlier one.")));
  }

  /** Days that have a snapshot, YYYY-MM-DD, ascending. */
  public List<String> dates() throws IOException {
    List<String> dates = new ArrayList<>();
    for (Path partition : partitions()) {
      if (isReadable(partition)) {
        dates.add(partition.getName().substring(PARTITION_PREFIX.length()));
      }
    }
    dates.sort(Comparator.naturalOrder());
    return dates;
  }

  /** Day of the newest snapshot, YYYY-MM-DD, if there is one. */
  public Optional<String> newestDate() throws IOException {
    return dates().stream().max(Comparator.naturalOrder());
  }

  /**
   * Days whose partitions have files of a day's snapshot, the day itself included, ascending.
   *
   * @throws DicmException as {@link #manifest(String)}
   */
  public List<String> datesUsedBy(String date) {
    return Stream.concat(
            Stream.of(date),
            manifest(date).files().stream()
                .map(file -> FeatureManifest.qualified(partition(date), file.name()))
                .map(name -> name.substring(PARTITION_PREFIX.length(), name.indexOf('/'))))
        .distinct()
        .sorted()
        .toList();
  }

  /** Directories of all days, whether they have a snapshot or not. */
  List<Path> partitions() throws IOException {
    return directories(conf, directory, name -> name.startsWith(PARTITION_PREFIX));
  }

  /** Directories beside the partitions in which something is prepared or was moved aside. */
  List<Path> leftovers() throws IOException {
    return directories(
        conf,
        directory,
        name ->
            name.startsWith(DirectoryPublisher.STAGING)
                || name.startsWith(DirectoryPublisher.ASIDE));
  }

  /**
   * The manifest of a day.
   *
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT}, {@link ErrorCode#SCHEMA_MISMATCH} when
   *     it has a newer format or is of another extractor, {@link ErrorCode#STORAGE_FAILED}
   */
  public FeatureManifest manifest(String date) {
    return manifest(partition(date));
  }

  private boolean isReadable(Path partition) throws IOException {
    return DirectoryPublisher.isComplete(conf, partition)
        && !partition.getFileSystem(conf).exists(new Path(partition, EXPIRED));
  }

  private FeatureSnapshot snapshotOf(Path partition) throws IOException {
    FeatureManifest manifest = manifest(partition);
    return new PartitionSnapshot(conf, partition, manifest, manifest.readReplaced(conf, partition));
  }

  private FeatureManifest manifest(Path partition) {
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
    return manifest;
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
