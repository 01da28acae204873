package io.dicm.feature.store;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a staged partition. Where there is none yet, the whole directory is renamed into place.
 * Otherwise new files go beside those that are there, which other snapshots may use, and the
 * manifest is replaced last: a reader sees the old or the new one. What others published meanwhile
 * is not replaced.
 */
final class PartitionCommit {
  /** How the names of manifests begin that were replaced; the time of it follows, in ms. */
  static final String SUPERSEDED = "_superseded-";

  private static final Logger LOG = LoggerFactory.getLogger(PartitionCommit.class);

  private final Configuration conf;
  private final FileSystem fs;
  private final Path partition;
  private final String id;

  /**
   * @param id part of the new files' names
   */
  PartitionCommit(Configuration conf, Path partition, String id) throws IOException {
    this.conf = conf;
    this.fs = partition.getFileSystem(conf);
    this.partition = partition;
    this.id = id;
  }

  /**
   * Publishes what is staged.
   *
   * @param base digest of the manifest that the partition had when what is staged was begun;
   *     nothing: it had none
   * @throws DicmException {@link ErrorCode#OUTPUT_EXISTS} when it has another one now
   */
  void publish(DirectoryPublisher publisher, FeatureManifest manifest, Optional<String> base)
      throws IOException {
    boolean complete = DirectoryPublisher.isComplete(conf, partition);
    requireUnchanged(base);
    if (!complete) {
      publishFirst(publisher);
      return;
    }
    Path staging = publisher.staging();
    if (manifest.rejectedCount() == 0) {
      fs.delete(new Path(partition, FeatureManifest.REJECTS), true);
    }
    for (FileStatus staged : fs.listStatus(staging)) {
      String name = staged.getPath().getName();
      if (name.equals(FeatureManifest.REJECTS)) {
        fs.delete(new Path(partition, name), true);
      }
      if (!name.equals(FeatureManifest.FILE_NAME)) {
        rename(staged.getPath(), new Path(partition, name));
      }
    }
    replaceManifest(new Path(staging, FeatureManifest.FILE_NAME), base);
    fs.delete(new Path(partition, FeatureStore.EXPIRED), false);
  }

  /** Keeps the old one, so that its files are known to be in use, and puts the new one there. */
  private void replaceManifest(Path staged, Optional<String> base) throws IOException {
    Path manifest = new Path(partition, FeatureManifest.FILE_NAME);
    if (fs.exists(manifest)) {
      try {
        keep(manifest, System.currentTimeMillis());
      } catch (ChecksumException e) {
        LOG.warn("Nobody can have opened the snapshot that is replaced: {}", e.getMessage());
      }
    }
    // Last: the shorter the time between both, the less can happen in it.
    requireUnchanged(base);
    FileContext.getFileContext(fs.getUri(), conf).rename(staged, manifest, Rename.OVERWRITE);
  }

  /** The rename fails when the partition appeared meanwhile. */
  private void publishFirst(DirectoryPublisher publisher) throws IOException {
    Path aside =
        new Path(
            partition.getParent(),
            DirectoryPublisher.ASIDE + partition.getName() + "-" + UUID.randomUUID());
    if (fs.exists(partition)) {
      rename(partition, aside);
      if (DirectoryPublisher.isComplete(conf, aside)) {
        rename(aside, partition);
        throw changed();
      }
    }
    try {
      publisher.publishNew();
    } catch (FileAlreadyExistsException e) {
      throw changed();
    }
    fs.delete(aside, true);
  }

  private void requireUnchanged(Optional<String> base) throws IOException {
    if (!FeatureManifest.digest(conf, partition).equals(base)) {
      throw changed();
    }
  }

  private DicmException changed() {
    return new DicmException(
        ErrorCode.OUTPUT_EXISTS,
        "Cannot publish image vectors: another extraction, compaction or expiry has changed "
            + partition
            + " since this one began. Run it again; it then builds on what is there.");
  }

  /** Copies a manifest to the name of one that was replaced at a time. */
  void keep(Path manifest, long nowMs) throws IOException {
    Path kept = new Path(partition, SUPERSEDED + nowMs + "-" + id + ".json");
    FileUtil.copy(fs, manifest, fs, kept, false, conf);
  }

  private void rename(Path from, Path to) throws IOException {
    if (!fs.rename(from, to)) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED,
          "Cannot rename " + from + " to " + to + ": the file system refused.");
    }
  }
}
