package io.dicm.feature.store;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.feature.encode.ExtractorDescription;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What a partition of the store holds; {@code _manifest.json} in it.
 *
 * @param formatVersion {@link #FORMAT_VERSION}
 * @param extractor what made the vectors
 * @param createdAtMs when the partition was written, milliseconds since 1970 UTC
 * @param inputDigest digest of the listing of the images that it was made from; empty: not from
 *     files
 * @param imageCount images with a vector
 * @param rejectedCount images without
 * @param rejectedByReason images without a vector, by reason
 * @param files the Parquet files by name
 * @param sum per-dimension sum over all vectors, [dimension]
 * @param sumOfSquares per-dimension sum of squares, [dimension]
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
    double[] sumOfSquares) {
  /** The format that this version writes and reads. */
  public static final int FORMAT_VERSION = 1;

  /** The manifest's name within its partition. */
  public static final String FILE_NAME = "_manifest.json";

  /** Directory of the rejects files within a partition. */
  public static final String REJECTS = "_rejects";

  /** The manifest of a partition of these files. */
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
        moments.sumOfSquares());
  }

  /**
   * Reads a partition's manifest.
   *
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when it is missing, broken or of another
   *     format
   */
  public static FeatureManifest read(Configuration conf, Path partition) {
    Path file = new Path(partition, FILE_NAME);
    FeatureManifest manifest =
        new JsonFiles(conf).read(file, FeatureManifest.class, ErrorCode.STORE_CORRUPT);
    if (manifest.formatVersion() != FORMAT_VERSION) {
      throw new DicmException(
          ErrorCode.STORE_CORRUPT,
          "Cannot read "
              + file
              + ": its format version is "
              + manifest.formatVersion()
              + ", this version reads "
              + FORMAT_VERSION
              + ".");
    }
    return manifest;
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
