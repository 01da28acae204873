package io.dicm.feature.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Compares a snapshot's files with what its manifest says; each partition is listed once. */
final class FileChecks {
  private final Configuration conf;
  private final Path partition;
  private final Verification verification;
  private final Map<Path, Map<String, Long>> lengths = new HashMap<>();

  /**
   * @param partition of the manifest
   */
  FileChecks(Configuration conf, Path partition, Verification verification) {
    this.conf = conf;
    this.partition = partition;
    this.verification = verification;
  }

  /**
   * What is wrong with a file; nothing: it is as it was written.
   *
   * @throws IOException when the file system cannot tell: that proves no damage
   */
  Optional<String> problem(FeatureFile file) throws IOException {
    Path path = FeatureManifest.resolve(partition, file.name());
    Long length = lengths(path.getParent()).get(path.getName());
    if (length == null) {
      return Optional.of("is missing");
    }
    if (length != file.bytes()) {
      return Optional.of("has " + length + " bytes, the manifest says " + file.bytes());
    }
    boolean own = path.getParent().getName().equals(partition.getName());
    return own || verification == Verification.DIGESTS
        ? new DigestCheck(conf, path, file.sha256()).problem()
        : Optional.empty();
  }

  /**
   * What is wrong with a file that could not be read, as the error or else its digest proves;
   * nothing: the file is whole, and the error has another cause.
   *
   * @throws IOException when the file system cannot tell
   */
  Optional<String> damage(FeatureFile file, Exception error) throws IOException {
    return Damage.isProvenBy(error)
        ? Optional.of(error.getMessage())
        : new DigestCheck(conf, FeatureManifest.resolve(partition, file.name()), file.sha256())
            .problem();
  }

  private Map<String, Long> lengths(Path directory) throws IOException {
    Map<String, Long> known = lengths.get(directory);
    if (known == null) {
      known = new HashMap<>();
      for (FileStatus status : list(directory)) {
        known.put(status.getPath().getName(), status.getLen());
      }
      lengths.put(directory, known);
    }
    return known;
  }

  private List<FileStatus> list(Path directory) throws IOException {
    try {
      return List.of(directory.getFileSystem(conf).listStatus(directory));
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }
}
