package io.dicm.app.client;

import io.dicm.common.fs.FileDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps {@code dicm.jar} on the cluster's file system, one copy for each content. */
final class JarStore {
  private static final Logger LOG = LoggerFactory.getLogger(JarStore.class);
  private static final String NAME = "dicm.jar";
  private static final Duration STALE = Duration.ofDays(1);

  private final StagingDirectory staging;

  JarStore(StagingDirectory staging) {
    this.staging = staging;
  }

  /** Where the jar lies; uploaded now if its content is not there yet. */
  Path upload(java.nio.file.Path jar) throws IOException {
    FileSystem fs = staging.fileSystem();
    Path folder = staging.ofJar(digest(jar));
    Path target = new Path(folder, NAME);
    if (!fs.exists(target)) {
      staging.create(folder);
      // Under another name first: a reader of the last name finds the whole file or none.
      Path unfinished = new Path(folder, NAME + "." + UUID.randomUUID());
      try (SignalCleanup cleanup = new SignalCleanup(() -> fs.delete(unfinished, false))) {
        fs.copyFromLocalFile(new Path(jar.toUri()), unfinished);
        if (!fs.rename(unfinished, target)) {
          fs.delete(unfinished, false); // Another submission was faster; its copy is the same.
        }
      }
      LOG.info("Uploaded {} to {}", jar, target);
      deleteStale();
    }
    return fs.makeQualified(target);
  }

  /** Deletes what uploads that were killed have left; younger ones may still go on. */
  private void deleteStale() {
    try {
      FileSystem fs = staging.fileSystem();
      for (FileStatus file : fs.globStatus(new Path(staging.ofJar("*"), NAME + ".*"))) {
        if (System.currentTimeMillis() - file.getModificationTime() > STALE.toMillis()) {
          fs.delete(file.getPath(), false);
          LOG.info("Deleted {}, which an earlier upload has left", file.getPath());
        }
      }
    } catch (IOException e) {
      // The upload itself is well.
      LOG.warn("Cannot delete what earlier uploads have left: {}", e.getMessage());
    }
  }

  private static String digest(java.nio.file.Path file) throws IOException {
    MessageDigest digest = FileDigest.newSha256();
    try (InputStream in = Files.newInputStream(file);
        DigestInputStream digesting = new DigestInputStream(in, digest)) {
      digesting.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
