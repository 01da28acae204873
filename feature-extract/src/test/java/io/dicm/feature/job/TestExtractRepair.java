package io.dicm.feature.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.MisleadingIndex;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;
import org.junit.jupiter.api.Test;

/**
 * What the extract stage makes of a store that is damaged, or that has pictures under other names.
 * Files of part 1 have the images of odd buckets.
 */
class TestExtractRepair extends LocalExtraction {
  private static final int IMAGES = 12;
  private static final String FIRST = DATE;
  private static final String SECOND = "2026-03-02";

  @Test
  void lostImagesAreReadHoweverOldTheyAre() throws Exception {
    ImageFiles.writeMany(images, IMAGES);
    run();
    Files.delete(part(1));
    lookAtNothingOlder();

    ExtractSummary summary = run();

    assertThat(summary.extracted()).isEqualTo(oddImages().size()).isPositive();
    assertThat(summary.skipped()).isZero();
    assertThat(summary.lost()).isZero();
    assertThat(stored()).hasSize(IMAGES);
  }

  @Test
  void allIsReadWhenASnapshotIsLostAsAWhole() throws Exception {
    ImageFiles.writeMany(images, IMAGES);
    run();
    Path manifest = partition().resolve("_manifest.json");
    Files.delete(manifest.resolveSibling("._manifest.json.crc"));
    Files.writeString(manifest, "{");
    lookAtNothingOlder();

    assertThat(run().extracted()).isEqualTo(IMAGES);
    assertThat(stored()).hasSize(IMAGES);
  }

  @Test
  void lostImagesThatTheCatalogueNoLongerHasAreReported() throws Exception {
    ImageFiles.writeMany(images, IMAGES);
    run();
    Files.delete(part(1));
    String gone = oddImages().get(0);
    Files.delete(images.resolve(gone + ".png"));

    ExtractSummary summary = run();

    assertThat(summary.lost()).isEqualTo(1);
    assertThat(stored())
        .hasSize(IMAGES - 1)
        .extracting(FeatureRecord::imageId)
        .doesNotContain(gone);
    assertThat(run().lost()).as("it was told once").isZero();
  }

  @Test
  void lostImagesOfFilesOfManyAreReadAndThoseThatAreGoneReported() throws Exception {
    Path file = folder.resolve("pictures.seq");
    conf.set(DicmKeys.EXTRACT_IMAGES, file.toUri().toString());
    List<String> ids = IntStream.range(0, IMAGES).mapToObj(i -> "image-" + i).toList();
    writeSequence(file, ids);
    run();
    Files.delete(part(1));
    String gone = oddImages().get(0);
    writeSequence(file, ids.stream().filter(id -> !id.equals(gone)).toList());
    lookAtNothingOlder();

    ExtractSummary summary = run();

    assertThat(summary.extracted()).isEqualTo(oddImages().size() - 1);
    assertThat(summary.skipped()).isZero();
    assertThat(summary.lost()).isEqualTo(1);
    assertThat(stored()).hasSize(IMAGES - 1);
  }

  @Test
  void aCopyIsTheNewestRowOfItsImageOnItsDay() throws Exception {
    ImageFiles.writePlain(images.resolve("earlier.png"), Color.RED, 5, 5);
    run();
    conf.set(DicmKeys.RUN_DATE, SECOND);
    ImageFiles.writePlain(images.resolve("changing.png"), Color.WHITE, 20, 10);
    run();
    FeatureRecord before = byId("changing");
    Files.copy(
        images.resolve("earlier.png"),
        images.resolve("changing.png"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    ExtractSummary summary = run();

    assertThat(summary.extracted()).isZero();
    assertThat(summary.reused()).isEqualTo(1);
    FeatureRecord after = byId("changing");
    assertThat(after.contentDigest()).isEqualTo(byId("earlier").contentDigest());
    assertThat(after.extractedAtMs())
        .as("Hive takes the row of the day with the latest time")
        .isGreaterThan(before.extractedAtMs());
  }

  @Test
  void anIndexThatNamesAWrongFileIsAnError() throws Exception {
    ImageFiles.writeMany(images, IMAGES);
    run();
    String odd = oddImages().get(0);
    String even = "dt=" + FIRST + "/" + part(0).getFileName();
    MisleadingIndex.write(conf, store(), FIRST, odd, even);
    Files.copy(images.resolve(odd + ".png"), images.resolve("copy.png"));

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_CORRUPT))
        .hasMessageContaining("the files that the store's index names have 0 of 1 of them");
    assertThat(stored()).hasSize(IMAGES);
  }

  private void lookAtNothingOlder() {
    conf.set(DicmKeys.EXTRACT_SINCE, "2999-01-01");
  }

  private void writeSequence(Path file, List<String> ids) throws IOException {
    Path picture = folder.resolve("picture.png");
    try (SequenceFile.Writer writer =
        SequenceFile.createWriter(
            conf,
            SequenceFile.Writer.file(new org.apache.hadoop.fs.Path(file.toUri())),
            SequenceFile.Writer.keyClass(Text.class),
            SequenceFile.Writer.valueClass(BytesWritable.class))) {
      for (String id : ids) {
        int shade = Integer.parseInt(id.substring("image-".length()));
        ImageFiles.writePlain(picture, new Color(shade, 128, 0), 20, 10);
        writer.append(new Text(id), new BytesWritable(Files.readAllBytes(picture)));
      }
    }
  }

  private static List<String> oddImages() {
    return IntStream.range(0, IMAGES)
        .mapToObj(i -> "image-" + i)
        .filter(id -> Buckets.of(Fingerprints.imageKey(id)) % 2 == 1)
        .toList();
  }

  private FeatureRecord byId(String imageId) throws IOException {
    return byId(stored(), imageId);
  }
}
