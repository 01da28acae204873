package io.dicm.feature.store;

import io.dicm.common.fs.DirectoryPublisher;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes directories that killed runs left beside the partitions: nobody would take them up. */
final class LeftoverDirectories {
  private static final Logger LOG = LoggerFactory.getLogger(LeftoverDirectories.class);
  private static final int SUFFIX_LENGTH = 1 + new UUID(0, 0).toString().length();

  private final Configuration conf;
  private final FeatureStore store;
  private final FileSystem fs;

  LeftoverDirectories(Configuration conf, FeatureStore store) throws IOException {
    this.conf = conf;
    this.store = store;
    this.fs = store.directory().getFileSystem(conf);
  }

  /** What is in a directory. */
  private record Content(long files, long bytes, long newestMs) {
    private Content plus(Content other) {
      return new Content(
          files + other.files, bytes + other.bytes, Math.max(newestMs, other.newestMs));
    }
  }

  /**
   * Deletes those in which nothing has been written for long enough.
   *
   * @param beforeMs the last time at which something may have been, milliseconds since 1970 UTC
   */
  UnusedFiles.Deleted delete(long beforeMs) throws IOException {
    UnusedFiles.Deleted deleted = new UnusedFiles.Deleted(0, 0);
    for (Path directory : store.leftovers()) {
      try {
        Content content = content(fs.getFileStatus(directory));
        if (content.newestMs() <= beforeMs && !isOnlyCopy(directory)) {
          fs.delete(directory, true);
          LOG.info("Deleted {}, which a run that was killed has left", directory);
          deleted = deleted.plus(new UnusedFiles.Deleted(content.files(), content.bytes()));
        }
      } catch (FileNotFoundException e) {
        LOG.debug("Somebody else has deleted a part of {}", directory, e);
      }
    }
    return deleted;
  }

  /** Tasks write far below a staging directory, whose own time tells nothing of it. */
  private Content content(FileStatus status) throws IOException {
    if (!status.isDirectory()) {
      return new Content(1, status.getLen(), status.getModificationTime());
    }
    Content content = new Content(0, 0, status.getModificationTime());
    for (FileStatus child : fs.listStatus(status.getPath())) {
      content = content.plus(content(child));
    }
    return content;
  }

  /** A complete partition that was moved aside, and whose successor never came. */
  private boolean isOnlyCopy(Path directory) throws IOException {
    String name = directory.getName();
    if (!name.startsWith(DirectoryPublisher.ASIDE)
        || !DirectoryPublisher.isComplete(conf, directory)) {
      return false;
    }
    int end = Math.max(DirectoryPublisher.ASIDE.length(), name.length() - SUFFIX_LENGTH);
    String target = name.substring(DirectoryPublisher.ASIDE.length(), end);
    if (target.isEmpty()) {
      return false;
    }
    boolean only = !fs.exists(new Path(directory.getParent(), target));
    if (only) {
      LOG.warn("{} is kept: it is the only copy of {}; rename it to that", directory, target);
    }
    return only;
  }
}
