package io.dicm.feature.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.store.FeatureRecord;
import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The job on a store that has vectors already: only what is new or changed is computed. */
class TestIncrementalExtract extends LocalExtraction {
  @Test
  void doesNotExtractTheSameInputTwice() throws Exception {
    ImageFiles.writeMany(images, 6);
    run();

    ExtractSummary again = run();

    assertThat(again.alreadyThere()).isTrue();
    assertThat(again.extracted()).isZero();
    assertThat(again.images()).isEqualTo(6);
  }

  @Test
  void extractsAgainWhenAnImageCame() throws Exception {
    ImageFiles.writeMany(images, 6);
    run();
    ImageFiles.writePlain(images.resolve("new.png"), Color.RED, 5, 5);

    ExtractSummary again = run();

    assertThat(again.alreadyThere()).isFalse();
    assertThat(again.extracted()).isEqualTo(1);
    assertThat(again.images()).isEqualTo(7);
    assertThat(stored()).hasSize(7);
  }

  @Test
  void anotherDayComputesOnlyWhatIsNewOrChanged() throws Exception {
    ImageFiles.writeMany(images, 10);
    run();
    List<FeatureRecord> before = stored();
    ImageFiles.writePlain(images.resolve("image-3.png"), Color.WHITE, 20, 10);
    ImageFiles.writePlain(images.resolve("new.png"), Color.RED, 5, 5);
    Files.delete(images.resolve("image-9.png"));
    conf.set(DicmKeys.RUN_DATE, "2026-03-02");

    ExtractSummary summary = run();

    assertThat(summary.images()).as("one came, the one that left stays").isEqualTo(11);
    assertThat(summary.extracted()).isEqualTo(2);
    assertThat(rowsOf("2026-03-02")).as("only what is new").isEqualTo(2);
    List<FeatureRecord> after = stored();
    assertThat(after).hasSize(11).extracting(FeatureRecord::imageId).doesNotHaveDuplicates();
    assertThat(byId(after, "image-3").feature()[0]).isGreaterThan(2f);
    assertThat(byId(after, "image-4"))
        .usingRecursiveComparison()
        .isEqualTo(byId(before, "image-4"));
    assertThat(stored(store().snapshot("2026-03-01")))
        .as("the past stays as it was")
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(before);
  }

  @Test
  void aDayWithNothingNewHasASnapshotAndNoJob() throws Exception {
    ImageFiles.writeMany(images, 6);
    run();
    conf.set(DicmKeys.RUN_DATE, "2026-03-02");

    ExtractSummary summary = withoutJobs();

    assertThat(summary.alreadyThere()).isTrue();
    assertThat(summary.extracted()).isZero();
    assertThat(summary.images()).isEqualTo(6);
    assertThat(stored(store().snapshot("2026-03-02"))).hasSize(6);
    assertThat(rowsOf("2026-03-02")).isZero();
  }

  @Test
  void aFileThatWasOnlyTouchedIsReadOnceAndNotComputed() throws Exception {
    ImageFiles.writeMany(images, 6);
    run();
    List<FeatureRecord> before = stored();
    touch("image-3.png");
    conf.set(DicmKeys.RUN_DATE, "2026-03-02");

    ExtractSummary summary = run();

    assertThat(summary.extracted()).isZero();
    assertThat(summary.reused()).isEqualTo(1);
    assertThat(stored()).usingRecursiveFieldByFieldElementComparator().isEqualTo(before);
    conf.set(DicmKeys.RUN_DATE, "2026-03-03");
    assertThat(withoutJobs().alreadyThere()).as("its new time is known").isTrue();
  }

  @Test
  void aPictureUnderAnotherNameHasItsVector() throws Exception {
    ImageFiles.writeMany(images, 6);
    run();
    Files.copy(images.resolve("image-3.png"), images.resolve("copy.png"));
    conf.set(DicmKeys.RUN_DATE, "2026-03-02");

    ExtractSummary summary = run();

    assertThat(summary.extracted()).isZero();
    assertThat(summary.reused()).isEqualTo(1);
    List<FeatureRecord> stored = stored();
    assertThat(stored).hasSize(7);
    assertThat(byId(stored, "copy"))
        .usingRecursiveComparison()
        .ignoringFields("imageId", "imageKey", "extractedAtMs")
        .isEqualTo(byId(stored, "image-3"));
    assertThat(byId(stored, "copy").imageKey()).isEqualTo(Fingerprints.imageKey("copy"));
  }

  @Test
  void aChangedPictureCountsOnceInTheStatistics() throws Exception {
    ImageFiles.writeMany(images, 6);
    run();
    ImageFiles.writePlain(images.resolve("image-3.png"), Color.WHITE, 20, 10);
    conf.set(DicmKeys.RUN_DATE, "2026-03-02");

    run();

    List<FeatureRecord> stored = stored();
    double mean = stored.stream().mapToDouble(i -> i.feature()[0]).average().orElseThrow();
    assertThat((double) snapshot().mean()[0]).isCloseTo(mean, within(1e-6));
    assertThat(snapshot().imageCount(bucket -> true)).isEqualTo(6);
  }

  @Test
  void anEarlierDayDoesNotDisturbLaterOnes() throws Exception {
    ImageFiles.writeMany(images, 6);
    conf.set(DicmKeys.RUN_DATE, "2026-03-05");
    run();
    List<FeatureRecord> before = stored();
    ImageFiles.writePlain(images.resolve("new.png"), Color.RED, 5, 5);
    conf.set(DicmKeys.RUN_DATE, "2026-03-04");

    ExtractSummary summary = run();

    assertThat(summary.extracted()).as("the other vectors are those of the later day").isEqualTo(1);
    assertThat(summary.reused()).isEqualTo(6);
    assertThat(stored(store().snapshot("2026-03-04"))).hasSize(7);
    assertThat(stored(store().snapshot("2026-03-05")))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(before);
    assertThat(store().newestDate()).contains("2026-03-05");
  }

  @Test
  void filesOlderThanSinceAreNotRead() throws Exception {
    ImageFiles.writeMany(images, 3);
    Files.setLastModifiedTime(
        images.resolve("image-1.png"),
        java.nio.file.attribute.FileTime.from(java.time.Instant.parse("2026-02-01T00:00:00Z")));
    conf.set(DicmKeys.EXTRACT_SINCE, "2026-02-02");

    ExtractSummary summary = run();

    assertThat(summary.extracted()).isEqualTo(2);
    assertThat(summary.skipped()).isEqualTo(1);
    assertThat(stored()).extracting(FeatureRecord::imageId).doesNotContain("image-1");
  }

  @Test
  void forgottenImagesAreNotInTheSnapshotAndDoNotComeBack() throws Exception {
    ImageFiles.writeMany(images, 5);
    run();
    Path list = folder.resolve("forget.txt");
    Files.writeString(list, "image-2\nnever-seen\n");
    conf.set(DicmKeys.FEATURES_TOMBSTONES, list.toUri().toString());

    ExtractSummary summary = run();

    assertThat(summary.images()).isEqualTo(4);
    assertThat(stored()).hasSize(4).extracting(FeatureRecord::imageId).doesNotContain("image-2");
    conf.set(DicmKeys.FEATURES_TOMBSTONES, folder.resolve("missing.txt").toUri().toString());
    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT_MISSING))
        .hasMessageContaining("dicm.features.tombstones");
  }

  @Test
  void extractsAgainWhenAFileOfThePartitionIsShort() throws Exception {
    ImageFiles.writeMany(images, 6);
    run();
    Files.write(part(0), new byte[10]);
    int lost = 6 - rowsOf(1);

    ExtractSummary again = run();

    assertThat(again.alreadyThere()).isFalse();
    assertThat(again.extracted()).as("vectors of the damaged file").isEqualTo(lost);
    assertThat(stored()).hasSize(6);
  }

  @Test
  void extractsAgainWhenABitOfThePartitionFlipped() throws Exception {
    ImageFiles.writeMany(images, 6);
    run();
    List<FeatureRecord> before = stored();
    Path file = part(1);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 3] ^= 4;
    // Past Hadoop, whose own checksum of the local file would find it first.
    Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
    Files.write(file, bytes);

    ExtractSummary again = run();

    assertThat(again.alreadyThere()).isFalse();
    assertThat(stored())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("extractedAtMs")
        .containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void extractsAgainWhenTheFileSystemCannotReadThePartition() throws Exception {
    ImageFiles.writeMany(images, 6);
    run();
    Path file = part(1);
    int lost = 6 - rowsOf(0);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 3] ^= 4;
    // Hadoop's checksum of the local file stays, and reading fails as it does when a block is lost.
    Files.write(file, bytes);

    ExtractSummary again = run();

    assertThat(again.alreadyThere()).isFalse();
    assertThat(again.extracted()).as("vectors that cannot be read are not used").isEqualTo(lost);
    assertThat(stored()).hasSize(6);
  }

  @Test
  void extractsAgainWhenTheManifestIsDamaged() throws Exception {
    ImageFiles.writeMany(images, 6);
    run();
    Files.delete(partition().resolve("._manifest.json.crc"));
    Files.writeString(partition().resolve("_manifest.json"), "{");

    assertThat(run().extracted()).isEqualTo(6);
    assertThat(stored()).hasSize(6);
  }
}
