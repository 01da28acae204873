package io.dicm.feature.store;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes files of a store that no snapshot uses. A manifest that was replaced or has expired still
 * protects its files for a while: somebody may have opened it just before.
 */
final class UnusedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(UnusedFiles.class);

  private final Configuration conf;
  private final FeatureStore store;
  private final FileSystem fs;
  private final Clock clock;

  UnusedFiles(Configuration conf, FeatureStore store, Clock clock) throws IOException {
    this.conf = conf;
    this.store = store;
    this.fs = store.directory().getFileSystem(conf);
    this.clock = clock;
  }

  /** What was deleted. */
  record Deleted(long files, long bytes) {
    /** Both together. */
    Deleted plus(Deleted other) {
      return new Deleted(files + other.files, bytes + other.bytes);
    }
  }

  /** Makes the snapshot of a day unreadable for whoever has not opened it. */
  void retire(String date) throws IOException {
    Path partition = store.partition(date);
    Path manifest = new Path(partition, FeatureManifest.FILE_NAME);
    String id = UUID.randomUUID().toString().substring(0, 8);
    new PartitionCommit(conf, partition, id).keep(manifest, clock.millis());
    fs.create(new Path(partition, FeatureStore.EXPIRED), true).close();
    fs.delete(manifest, false);
  }

  /**
   * Deletes files that no manifest names, or only some that were replaced long enough ago, and what
   * killed runs left behind.
   *
   * @param graceMs how long ago, ms; younger files are kept in any case
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when a manifest cannot be read: what it
   *     names is not known, and nothing is deleted
   */
  Deleted delete(long graceMs) throws IOException {
    long before = clock.millis() - graceMs;
    List<Path> partitions = store.partitions();
    Set<String> used = new HashSet<>();
    List<Path> doomed = new ArrayList<>();
    for (String date : store.dates()) {
      use(store.manifest(date), store.partition(date), used);
    }
    for (Path partition : partitions) {
      for (FileStatus status : fs.listStatus(partition)) {
        String name = status.getPath().getName();
        if (name.startsWith(PartitionCommit.SUPERSEDED)) {
          readSuperseded(status.getPath(), before, used, doomed);
        }
      }
    }
    long files = 0;
    long bytes = 0;
    for (Path partition : partitions) {
      for (FileStatus status : fs.listStatus(partition)) {
        if (isData(status)
            && status.getModificationTime() <= before
            && !used.contains(partition.getName() + "/" + status.getPath().getName())) {
          fs.delete(status.getPath(), false);
          files++;
          bytes += status.getLen();
        }
      }
    }
    for (Path manifest : doomed) {
      fs.delete(manifest, false);
    }
    deleteEmpty(partitions);
    return new Deleted(files, bytes).plus(new LeftoverDirectories(conf, store).delete(before));
  }

  private void readSuperseded(Path manifest, long before, Set<String> used, List<Path> doomed) {
    if (replacedAtMs(manifest.getName()) <= before) {
      doomed.add(manifest);
      return;
    }
    try {
      use(FeatureManifest.readFile(conf, manifest), manifest.getParent(), used);
    } catch (DicmException e) {
      if (!Damage.isProvenBy(e)) {
        throw e;
      }
      // It was damaged before it was replaced: nobody reads it.
      LOG.warn("A replaced manifest does not count: {}", e.getMessage());
    }
  }

  private static void use(FeatureManifest manifest, Path partition, Set<String> used) {
    manifest.files().forEach(f -> used.add(FeatureManifest.qualified(partition, f.name())));
    manifest.indexes().forEach(f -> used.add(FeatureManifest.qualified(partition, f.name())));
    if (manifest.replaced() != null) {
      used.add(FeatureManifest.qualified(partition, manifest.replaced().name()));
    }
  }

  private static boolean isData(FileStatus status) {
    return status.isFile() && status.getPath().getName().endsWith(".parquet");
  }

  /** Directories of expired days that have no file any more which others use. */
  private void deleteEmpty(List<Path> partitions) throws IOException {
    for (Path partition : partitions) {
      boolean inUse = !fs.exists(new Path(partition, FeatureStore.EXPIRED));
      for (FileStatus status : fs.listStatus(partition)) {
        inUse |= isData(status);
        inUse |= status.getPath().getName().startsWith(PartitionCommit.SUPERSEDED);
      }
      if (!inUse) {
        fs.delete(partition, true);
      }
    }
  }

  private static long replacedAtMs(String name) {
    int end = name.indexOf('-', PartitionCommit.SUPERSEDED.length());
    return Long.parseLong(name.substring(PartitionCommit.SUPERSEDED.length(), end));
  }
}
