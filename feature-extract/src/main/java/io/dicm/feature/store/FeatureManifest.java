package io.dicm.feature.store;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.FileDigest;
import io.dicm.common.json.JsonFiles;
import io.dicm.feature.encode.ExtractorDescription;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.Path;

/**
 * One consistent snapshot of an extractor's vectors; {@code _manifest.json} in the partition of its
 * day. It names the partition's own files and those of earlier partitions that are still in use.
 *
 * @param formatVersion {@link #FORMAT_VERSION}; {@link #WHOLE_PARTITIONS} is read as well
 * @param extractor what made the vectors
 * @param createdAtMs when the partition was written, milliseconds since 1970 UTC
 * @param inputDigest digest of the listing of the images that it was made from; empty: not from
 *     files, or some of them are to be tried again
 * @param imageCount images with a vector
 * @param rejectedCount images of the day's input without
 * @param rejectedByReason images of the day's input without a vector, by reason
 * @param files the Parquet files that have vectors of the snapshot, oldest first
 * @param sum per-dimension sum over all vectors, [dimension]
 * @param sumOfSquares per-dimension sum of squares, [dimension]
 * @param indexes the files that tell which pictures are known, oldest first: the last row of an
 *     image counts; none: there is no index
 * @param replaced the file that lists the rows of {@code files} that are not part of the snapshot;
 *     null: all are
 * @param limits the limits that decided which images were rejected; empty: not one for all
 */
public record FeatureManifest(
    int formatVersion,
    ExtractorDescription extractor,
    long createdAtMs,
    String inputDigest,
    long imageCount,
    long rejectedCount,
    Map<String, Long> rejectedByReason,
    List<FeatureFile> files,
    double[] sum,
    double[] sumOfSquares,
    List<SideFile> indexes,
    SideFile replaced,
    String limits) {
  /** The format that this version writes. */
  public static final int FORMAT_VERSION = 2;

  /** An earlier format, in which each partition had every image of its day. */
  public static final int WHOLE_PARTITIONS = 1;

  /** The manifest's name within its partition. */
  public static final String FILE_NAME = "_manifest.json";

  /** Directory of the rejects files within a partition. */
  public static final String REJECTS = "_rejects";

  public FeatureManifest {
    indexes = indexes == null ? List.of() : List.copyOf(indexes);
    limits = limits == null ? "" : limits;
  }

  /** The manifest of a partition that has all of its files itself, and no index. */
  public static FeatureManifest of(
      ExtractorDescription extractor,
      long createdAtMs,
      String inputDigest,
      Map<String, Long> rejectedByReason,
      List<WrittenFile> written) {
    List<WrittenFile> files =
        written.stream().sorted(Comparator.comparing(w -> w.file().name())).toList();
    FeatureMoments moments = new FeatureMoments(extractor.dimension());
    for (WrittenFile file : files) {
      moments.add(new FeatureMoments(file.file().rows(), file.sum(), file.sumOfSquares()));
    }
    return new FeatureManifest(
        FORMAT_VERSION,
        extractor,
        createdAtMs,
        inputDigest,
        moments.count(),
        rejectedByReason.values().stream().mapToLong(Long::longValue).sum(),
        Map.copyOf(rejectedByReason),
        files.stream().map(WrittenFile::file).toList(),
        moments.sum(),
        moments.sumOfSquares(),
        List.of(),
        null,
        "");
  }

  /**
   * Reads a partition's manifest.
   *
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when it is missing or broken, {@link
   *     ErrorCode#SCHEMA_MISMATCH} when it has a newer format, {@link ErrorCode#STORAGE_FAILED}
   *     when the file system cannot read it
   */
  public static FeatureManifest read(Configuration conf, Path partition) {
    return readFile(conf, new Path(partition, FILE_NAME));
  }

  /** As {@link #read}, of a manifest under any name. */
  static FeatureManifest readFile(Configuration conf, Path file) {
    JsonFiles json = new JsonFiles(conf);
    // A newer format may have fields that this version does not know.
    Map<?, ?> fields = json.read(file, Map.class, ErrorCode.STORE_CORRUPT);
    checkFormat(file, fields == null ? null : fields.get("formatVersion"));
    FeatureManifest manifest = json.read(file, FeatureManifest.class, ErrorCode.STORE_CORRUPT);
    if (manifest.extractor() == null
        || manifest.files() == null
        || manifest.rejectedByReason() == null
        || manifest.sum() == null
        || manifest.sumOfSquares() == null) {
      throw new DicmException(
          ErrorCode.STORE_CORRUPT, "Cannot read " + file + ": it lacks what a manifest has.");
    }
    return manifest;
  }

  private static void checkFormat(Path file, Object version) {
    if (Integer.valueOf(FORMAT_VERSION).equals(version)
        || Integer.valueOf(WHOLE_PARTITIONS).equals(version)) {
      return;
    }
    boolean newer = version instanceof Integer number && number > FORMAT_VERSION;
    throw new DicmException(
        newer ? ErrorCode.SCHEMA_MISMATCH : ErrorCode.STORE_CORRUPT,
        "Cannot read "
            + file
            + ": its format version is "
            + version
            + ", this version reads "
            + WHOLE_PARTITIONS
            + " and "
            + FORMAT_VERSION
            + "."
            + (newer ? " Use the version of the program that wrote it." : ""));
  }

  /**
   * SHA-256 of a partition's manifest, whatever it says; nothing: there is none. One whose bytes
   * the file system knows to be wrong has the digest {@code damaged}.
   */
  static Optional<String> digest(Configuration conf, Path partition) throws IOException {
    Path file = new Path(partition, FILE_NAME);
    try {
      return Optional.of(FileDigest.sha256(conf, file));
    } catch (ChecksumException e) {
      return Optional.of("damaged");
    } catch (FileNotFoundException e) {
      if (file.getFileSystem(conf).exists(file)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /**
   * Where a file lies that a manifest names.
   *
   * @param partition the manifest's
   * @param name as in {@link FeatureFile#name}
   */
  static Path resolve(Path partition, String name) {
    return name.indexOf('/') < 0
        ? new Path(partition, name)
        : new Path(partition.getParent(), name);
  }

  /** A file's name relative to the extractor's directory. */
  static String qualified(Path partition, String name) {
    return name.indexOf('/') < 0 ? partition.getName() + "/" + name : name;
  }

  /** Reads the rows that are not part of the snapshot. */
  ReplacedRows readReplaced(Configuration conf, Path partition) throws IOException {
    return replaced == null
        ? ReplacedRows.NONE
        : ReplacedRows.read(conf, replaced.verified(conf, partition));
  }

  /** Writes the manifest into a partition that is being staged. */
  public void write(Configuration conf, Path partition) throws IOException {
    new JsonFiles(conf).write(new Path(partition, FILE_NAME), this);
  }

  /** The sums over all vectors. */
  FeatureMoments moments() {
    return new FeatureMoments(imageCount, sum, sumOfSquares);
  }
}
