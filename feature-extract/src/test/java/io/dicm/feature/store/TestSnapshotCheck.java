package io.dicm.feature.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.fs.FileDigest;
import io.dicm.common.key.Buckets;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestSnapshotCheck {
  private static final String DATE = "2026-01-02";

  @TempDir java.nio.file.Path folder;
  private final Configuration conf = new Configuration();

  @Test
  void namesVectorsAndSumsThatAreNoNumbers() throws IOException {
    FeatureStore store = FeatureStore.open(conf, new Path(new Path(folder.toUri()), "x"));
    FeatureRecord bad = SmallImages.image("bad", 1, new float[] {1, Float.NaN, 2});
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, store.partition(DATE))) {
      FeatureManifest.of(
              SmallImages.extractor(), 1, "", Map.of(), List.of(write(publisher.staging(), bad)))
          .write(conf, publisher.staging());
      publisher.publish();
    }

    assertThat(new SnapshotCheck(conf, store, DATE).problems())
        .containsExactly(
            "The vector of image bad has NaN at 1.",
            "The sum of dimension 1 is NaN, the manifest says NaN.",
            "The sum of squares of dimension 1 is NaN, the manifest says NaN.");
  }

  @Test
  void anInfiniteSumIsNotThatOfFiniteVectors() throws IOException {
    FeatureStore store = FeatureStore.open(conf, new Path(new Path(folder.toUri()), "x"));
    new SmallExtraction(conf, store, SmallImages.extractor())
        .publish(DATE, SmallImages.of(0, 5, 1));
    java.nio.file.Path manifest = folder.resolve("x/dt=" + DATE + "/_manifest.json");
    String infinite =
        Files.readString(manifest).replaceFirst("\"sum\" : \\[ [^,]+,", "\"sum\" : [ \"INF\",");
    Files.delete(manifest.resolveSibling("._manifest.json.crc"));
    Files.writeString(manifest, infinite);

    assertThat(new SnapshotCheck(conf, store, DATE).problems())
        .containsExactly("The sum of dimension 0 is 10.0, the manifest says Infinity.");
  }

  /** The store's own writer refuses such a vector. */
  private WrittenFile write(Path directory, FeatureRecord image) throws IOException {
    Path file = new Path(directory, "part-00000.parquet");
    try (ParquetTableWriter<FeatureRecord> writer =
        new ParquetTableWriter<>(
            conf,
            file,
            FeatureSchema.MESSAGE,
            TestSnapshotCheck::writeFields,
            Map.of(FeatureSchema.EXTRACTOR_ID, "x"),
            builder -> builder)) {
      writer.write(image);
    }
    FeatureMoments moments = new FeatureMoments(SmallImages.DIMENSION);
    moments.add(image.feature());
    return new WrittenFile(
        FeatureFile.whole(
            file.getName(),
            1,
            file.getFileSystem(conf).getFileStatus(file).getLen(),
            FileDigest.sha256(conf, file),
            new int[] {Buckets.of(image.imageKey())},
            new long[] {1}),
        moments.sum(),
        moments.sumOfSquares());
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
