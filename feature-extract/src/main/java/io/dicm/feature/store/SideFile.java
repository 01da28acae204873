package io.dicm.feature.store;

import io.dicm.common.error.DicmException;
import io.dicm.common.fs.FileDigest;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What the manifest says about a file that is not vectors.
 *
 * @param name as in {@link FeatureFile#name}
 * @param rows its rows
 * @param bytes its length
 * @param sha256 lower-case hexadecimal SHA-256 of the file
 */
public record SideFile(String name, long rows, long bytes, String sha256) {
  /** Describes a file that was written. */
  static SideFile of(Configuration conf, Path file, String name, long rows) throws IOException {
    return new SideFile(
        name,
        rows,
        file.getFileSystem(conf).getFileStatus(file).getLen(),
        FileDigest.sha256(conf, file));
  }

  /** The same file under another name. */
  SideFile named(String other) {
    return new SideFile(other, rows, bytes, sha256);
  }

  /**
   * Compares the file with what it was.
   *
   * @return where it is
   * @throws DicmException {@code STORE_CORRUPT} when it is missing or has another content
   * @throws IOException when the file system cannot tell
   */
  Path verified(Configuration conf, Path partition) throws IOException {
    Path file = FeatureManifest.resolve(partition, name);
    Optional<String> problem = new DigestCheck(conf, file, sha256).problem();
    if (problem.isPresent()) {
      throw FeatureFileReader.corrupt(file, "it " + problem.get(), null);
    }
    return file;
  }
}
