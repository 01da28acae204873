package io.dicm.feature.store;

import io.dicm.common.fs.FileDigest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.Path;

/**
 * Compares a file's content with the digest that a manifest says.
 *
 * @param sha256 lower-case hexadecimal SHA-256 that the file must have
 */
record DigestCheck(Configuration conf, Path file, String sha256) {
  /**
   * What is wrong with the content, or that there is none; nothing: it is as it was written.
   *
   * @throws IOException when the file system cannot tell: that proves no damage
   */
  Optional<String> problem() throws IOException {
    try {
      return FileDigest.sha256(conf, file).equals(sha256)
          ? Optional.empty()
          : Optional.of("has another digest than the manifest says");
    } catch (ChecksumException e) {
      return Optional.of("has other bytes than the file system's checksum says: " + e.getMessage());
    } catch (FileNotFoundException e) {
      // The local file system says so too of a file that must not be read.
      if (file.getFileSystem(conf).exists(file)) {
        throw e;
      }
      return Optional.of("is missing");
    }
  }
}
