package io.dicm.app.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps {@code dicm.jar} on the cluster's file system, one copy for each content. */
final class JarStore {
  private static final Logger LOG = LoggerFactory.getLogger(JarStore.class);
  private static final int BUFFER_BYTES = 1 << 20;

  private final StagingDirectory staging;

  JarStore(StagingDirectory staging) {
    this.staging = staging;
  }

  /** Where the jar lies; uploaded now if its content is not there yet. */
  Path upload(java.nio.file.Path jar) throws IOException {
    FileSystem fs = staging.fileSystem();
    Path folder = staging.ofJar(digest(jar));
    Path target = new Path(folder, "dicm.jar");
    if (!fs.exists(target)) {
      staging.create(folder);
      // Under another name first: a reader of the last name finds the whole file or none.
      Path unfinished = new Path(folder, "dicm.jar." + UUID.randomUUID());
      fs.copyFromLocalFile(new Path(jar.toUri()), unfinished);
      if (!fs.rename(unfinished, target)) {
        fs.delete(unfinished, false); // Another submission was faster; its copy is the same.
      }
      LOG.info("Uploaded {} to {}", jar, target);
    }
    return fs.makeQualified(target);
  }

  private static String digest(java.nio.file.Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
