package io.dicm.feature.store;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.FileDigest;
import io.dicm.common.key.Buckets;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.RowFields;
import io.dicm.feature.encode.ExtractorDescription;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * Writes one Parquet file of the store, in {@link BucketOrder}, and gathers what the manifest says
 * about it. Not safe for use by many threads.
 */
public final class FeatureStoreWriter implements Closeable {
  private static final long ROW_GROUP_BYTES = 32L << 20;

  private final Configuration conf;
  private final Path file;
  private final int dimension;
  private final ParquetTableWriter<FeatureRecord> writer;
  private final FeatureMoments moments;
  private final long[] bucketRows = new long[Buckets.COUNT];
  private FeatureRecord last;

  /** Creates or replaces {@code file}. */
  public FeatureStoreWriter(Configuration conf, Path file, ExtractorDescription extractor)
      throws IOException {
    this.conf = conf;
    this.file = file;
    this.dimension = extractor.dimension();
    this.moments = new FeatureMoments(dimension);
    Map<String, String> metadata =
        Map.of(
            FeatureSchema.EXTRACTOR_ID,
            extractor.extractorId(),
            FeatureSchema.DIMENSION,
            Integer.toString(dimension));
    this.writer =
        new ParquetTableWriter<>(
            conf,
            file,
            FeatureSchema.MESSAGE,
            FeatureStoreWriter::writeFields,
            metadata,
            builder ->
                builder
                    .withRowGroupSize(ROW_GROUP_BYTES)
                    .withDictionaryEncoding(FeatureSchema.FEATURE_ELEMENT, false)
                    .withStatisticsEnabled(FeatureSchema.FEATURE_ELEMENT, false));
  }

  /**
   * Writes one image; its key must come after the last one's in {@link BucketOrder}.
   *
   * @throws DicmException {@link ErrorCode#IMAGE_KEY_COLLISION} when two image_ids have one key
   * @throws IllegalArgumentException when the vector has another length or a value that is no
   *     finite number, or the order is broken
   */
  public void write(FeatureRecord image) throws IOException {
    check(image);
    writer.write(image);
    moments.add(image.feature());
    bucketRows[Buckets.of(image.imageKey())]++;
    last = image;
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  /** Closes the file and reads it once more for its digest. */
  public WrittenFile finish() throws IOException {
    close();
    int[] buckets = presentBuckets();
    FeatureFile written =
        FeatureFile.whole(
            file.getName(),
            writer.rows(),
            file.getFileSystem(conf).getFileStatus(file).getLen(),
            FileDigest.sha256(conf, file),
            buckets,
            Arrays.stream(buckets).mapToLong(bucket -> bucketRows[bucket]).toArray());
    return new WrittenFile(written, moments.sum(), moments.sumOfSquares());
  }

  private int[] presentBuckets() {
    return java.util.stream.IntStream.range(0, Buckets.COUNT)
        .filter(bucket -> bucketRows[bucket] > 0)
        .toArray();
  }

  private void check(FeatureRecord image) {
    if (image.feature().length != dimension) {
      throw new IllegalArgumentException(
          "Vector of image "
              + image.imageId()
              + " has "
              + image.feature().length
              + " floats, needed "
              + dimension);
    }
    int bad = image.firstNonFinite();
    if (bad >= 0) {
      throw new IllegalArgumentException(
          "Vector of image "
              + image.imageId()
              + " has "
              + image.feature()[bad]
              + " at "
              + bad
              + ", needed finite numbers");
    }
    if (last == null) {
      return;
    }
    int order = BucketOrder.compare(last.imageKey(), image.imageKey());
    if (order == 0 && !last.imageId().equals(image.imageId())) {
      throw ImageKeyCollision.of(last.imageId(), image.imageId(), image.imageKey());
    }
    if (order >= 0) {
      throw new IllegalArgumentException(
          "Image " + image.imageId() + " does not come after " + last.imageId());
    }
  }

  private static void writeFields(RecordConsumer out, FeatureRecord image) {
    RowFields.string(out, FeatureSchema.IMAGE_ID, 0, image.imageId());
    RowFields.int64(out, FeatureSchema.IMAGE_KEY, 1, image.imageKey());
    RowFields.string(out, FeatureSchema.CONTENT_DIGEST, 2, image.contentDigest());
    RowFields.floats(out, FeatureSchema.FEATURE, 3, image.feature(), 0, image.feature().length);
    RowFields.int32(out, FeatureSchema.WIDTH, 4, image.width());
    RowFields.int32(out, FeatureSchema.HEIGHT, 5, image.height());
    RowFields.int64(out, FeatureSchema.EXTRACTED_AT, 6, image.extractedAtMs());
    RowFields.int64(out, FeatureSchema.PERCEPTUAL_HASH, 7, image.perceptualHash());
  }
}
