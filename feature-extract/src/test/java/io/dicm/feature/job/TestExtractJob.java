package io.dicm.feature.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.layout.Workspace;
import io.dicm.common.mapreduce.JobRunner;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.bench.GeneratedPictures;
import io.dicm.feature.duplicate.DuplicateGroup;
import io.dicm.feature.duplicate.DuplicateSearch;
import io.dicm.feature.duplicate.DuplicateSettings;
import io.dicm.feature.duplicate.NearDuplicate;
import io.dicm.feature.store.FeatureFile;
import io.dicm.feature.store.FeatureManifest;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.feature.store.FeatureStore;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole job in one process, on the local file system, with a small encoder. */
class TestExtractJob {
  @TempDir Path folder;
  private Configuration conf;
  private Path images;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @BeforeEach
  void configure() {
    images = folder.resolve("input/images");
    conf = new Configuration();
    conf.set("mapreduce.framework.name", "local");
    conf.set("hadoop.tmp.dir", folder.resolve("tmp").toString());
    conf.set("mapreduce.cluster.local.dir", folder.resolve("local").toString());
    conf.set(DicmKeys.INPUT_PATH, folder.resolve("input").toUri().toString());
    conf.set(DicmKeys.WORKSPACE_PATH, folder.resolve("workspace").toUri().toString());
    conf.set(DicmKeys.RUN_DATE, "2026-03-01");
    conf.set(DicmKeys.EXTRACT_ENCODER, "mean-color");
    conf.setInt(DicmKeys.EXTRACT_BATCH_SIZE, 4);
  }

  @Test
  void extractsEveryImageOnce() throws Exception {
    ImageFiles.writeMany(images, 30);
    Files.writeString(images.resolve(".hidden"), "not an image");

    ExtractSummary summary = run();

    assertThat(summary.images()).isEqualTo(30);
    assertThat(summary.extracted()).isEqualTo(30);
    assertThat(summary.rejectedByReason()).isEmpty();
    List<FeatureRecord> stored = stored();
    assertThat(stored).extracting(FeatureRecord::imageId).doesNotHaveDuplicates().hasSize(30);
    FeatureRecord image7 = byId(stored, "image-7");
    assertThat(image7.imageKey()).isEqualTo(Fingerprints.imageKey("image-7"));
    assertThat(image7.width()).isEqualTo(20);
    assertThat(image7.height()).isEqualTo(10);
    assertThat(image7.contentDigest()).hasSize(64);
    assertThat(image7.feature()[0]).isCloseTo((7 / 255f - 0.485f) / 0.229f, within(1e-4f));
  }

  @Test
  void halfPrecisionIsAnotherExtractorWithRoundedVectors() throws Exception {
    ImageFiles.writeMany(images, 12);
    run();
    conf.set(DicmKeys.EXTRACT_VECTOR_PRECISION, "float16");

    assertThat(run().extracted()).as("vectors of another extractor do not count").isEqualTo(12);

    Workspace workspace = new Workspace(DicmConfiguration.of(conf).path(DicmKeys.WORKSPACE_PATH));
    FeatureStore store = FeatureStore.open(conf, workspace.features("mean-color-float16"));
    assertThat(store.manifest("2026-03-01").extractor().elementType()).isEqualTo("float16");
    float exact = byId(stored(), "image-7").feature()[0];
    float rounded = byId(stored(store.snapshot()), "image-7").feature()[0];
    assertThat(rounded).isNotEqualTo(exact).isCloseTo(exact, withinPercentage(0.05));
  }

  @Test
  void leavesOnlyWhatBelongsIntoThePartition() throws Exception {
    ImageFiles.writeMany(images, 8);

    run();

    try (Stream<Path> files = Files.list(partition())) {
      assertThat(files.map(f -> f.getFileName().toString()).filter(n -> !n.endsWith(".crc")))
          .satisfiesExactlyInAnyOrder(
              name -> assertThat(name).matches("part-r-00000-[0-9a-f]{8}\\.parquet"),
              name -> assertThat(name).matches("part-r-00001-[0-9a-f]{8}\\.parquet"),
              name -> assertThat(name).matches("_index-[0-9a-f]{8}\\.parquet"),
              name -> assertThat(name).isEqualTo("_manifest.json"),
              name -> assertThat(name).isEqualTo("_SUCCESS"));
    }
    try (Stream<Path> siblings = Files.list(partition().getParent())) {
      assertThat(siblings).containsExactly(partition());
    }
  }

  @Test
  void givesWholeBucketsToFiles() throws Exception {
    ImageFiles.writeMany(images, 20);

    run();

    FeatureManifest manifest =
        FeatureManifest.read(conf, new org.apache.hadoop.fs.Path(partition().toUri()));
    assertThat(manifest.files()).hasSize(2);
    for (int file = 0; file < 2; file++) {
      int remainder = file;
      assertThat(Arrays.stream(manifest.files().get(file).buckets()))
          .allMatch(bucket -> bucket % 2 == remainder);
    }
    long odd = snapshot().imageCount(bucket -> bucket % 2 == 1);
    long expected =
        Stream.iterate(0, i -> i + 1)
            .limit(20)
            .filter(i -> Buckets.of(Fingerprints.imageKey("image-" + i)) % 2 == 1)
            .count();
    assertThat(odd).isEqualTo(expected);
  }

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
  void rejectedImagesAreNotReadAgainUnlessLimitsChange() throws Exception {
    ImageFiles.writeMany(images, 5);
    Files.writeString(images.resolve("text.jpg"), "this is not a picture");
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.5");
    run();
    conf.set(DicmKeys.RUN_DATE, "2026-03-02");

    ExtractSummary summary = withoutJobs();

    assertThat(summary.rejectedByReason()).isEqualTo(Map.of("UNSUPPORTED", 1L));
    assertThat(rejects(partition().resolveSibling("dt=2026-03-02").resolve("_rejects")))
        .singleElement()
        .asString()
        .contains("\"image_id\":\"text\"", "\"reason\":\"UNSUPPORTED\"", "text.jpg");
    conf.set(DicmKeys.EXTRACT_MAX_IMAGE_PIXELS, "1000");
    assertThat(run().alreadyThere()).isFalse();
  }

  @Test
  void whatTheHeapHadNoRoomForIsTriedAgain() throws Exception {
    ImageFiles.writeMany(images, 5);
    ImageFiles.writePlain(images.resolve("large.png"), Color.RED, 3000, 3000);
    ImageFiles.writePlain(images.resolve("image-3.png"), Color.RED, 20, 10);
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.5");
    conf.setInt(DicmKeys.EXTRACT_DECODE_THREADS, 256);
    assertThat(run().rejectedByReason()).isEqualTo(Map.of("HEAP_TOO_SMALL", 1L));
    assertThat(rejects(partition().resolve("_rejects")))
        .singleElement()
        .asString()
        .contains("\"image_id\":\"large\"", "\"reason\":\"HEAP_TOO_SMALL\"");
    assertThat(run().rejectedByReason())
        .as("tried, counted and listed again")
        .isEqualTo(Map.of("HEAP_TOO_SMALL", 1L));
    conf.setInt(DicmKeys.EXTRACT_DECODE_THREADS, 1);

    ExtractSummary summary = run();

    assertThat(summary.extracted()).isEqualTo(1);
    assertThat(summary.rejectedByReason()).isEmpty();
    assertThat(stored()).hasSize(6);
    assertThat(run().alreadyThere()).isTrue();
  }

  @Test
  void aVectorStaysUntilItsNewPictureCouldBeTried() throws Exception {
    ImageFiles.writeMany(images, 5);
    run();
    List<FeatureRecord> before = stored();
    ImageFiles.writePlain(images.resolve("image-3.png"), Color.RED, 3000, 3000);
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.5");
    conf.setInt(DicmKeys.EXTRACT_DECODE_THREADS, 256);

    assertThat(run().rejectedByReason()).isEqualTo(Map.of("HEAP_TOO_SMALL", 1L));

    assertThat(stored()).usingRecursiveFieldByFieldElementComparator().isEqualTo(before);
    conf.setInt(DicmKeys.EXTRACT_DECODE_THREADS, 1);
    assertThat(run().extracted()).isEqualTo(1);
    assertThat(byId(stored(), "image-3").width()).isEqualTo(3000);
  }

  @Test
  void anEarlierRejectionDoesNotHideThatThePictureIsToBeTriedAgain() throws Exception {
    ImageFiles.writeMany(images, 5);
    ImageFiles.writePlain(images.resolve("large.png"), Color.RED, 3000, 3000);
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.5");
    conf.set(DicmKeys.EXTRACT_MAX_IMAGE_PIXELS, "1000");
    assertThat(run().rejectedByReason()).isEqualTo(Map.of("TOO_MANY_PIXELS", 1L));
    conf.set(DicmKeys.EXTRACT_MAX_IMAGE_PIXELS, "10000000");
    conf.setInt(DicmKeys.EXTRACT_DECODE_THREADS, 256);
    assertThat(run().rejectedByReason()).isEqualTo(Map.of("HEAP_TOO_SMALL", 1L));
    conf.setInt(DicmKeys.EXTRACT_DECODE_THREADS, 1);

    assertThat(run().extracted()).isEqualTo(1);
  }

  @Test
  void rejectedImagesThatSinceSkippedHaveTheirChanceLater() throws Exception {
    ImageFiles.writeMany(images, 5);
    ImageFiles.writePlain(images.resolve("large.png"), Color.RED, 200, 200);
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.5");
    conf.set(DicmKeys.EXTRACT_MAX_IMAGE_PIXELS, "1000");
    assertThat(run().rejectedByReason()).isEqualTo(Map.of("TOO_MANY_PIXELS", 1L));
    ImageFiles.writePlain(images.resolve("new.png"), Color.RED, 20, 10);
    Files.setLastModifiedTime(
        images.resolve("new.png"),
        java.nio.file.attribute.FileTime.from(java.time.Instant.parse("2100-02-01T00:00:00Z")));
    conf.set(DicmKeys.EXTRACT_MAX_IMAGE_PIXELS, "100000");
    conf.set(DicmKeys.EXTRACT_SINCE, "2100-01-01");
    assertThat(run().extracted()).isEqualTo(1);
    conf.unset(DicmKeys.EXTRACT_SINCE);

    ExtractSummary summary = run();

    assertThat(summary.extracted()).as("of the raised limit").isEqualTo(1);
    assertThat(stored()).hasSize(7);
    assertThat(withoutJobs().alreadyThere()).isTrue();
  }

  @Test
  void anImageInAFileOfManyIsTriedAgain() throws Exception {
    Path picture = folder.resolve("picture.png");
    Path file = folder.resolve("pictures.seq");
    try (SequenceFile.Writer writer =
        SequenceFile.createWriter(
            conf,
            SequenceFile.Writer.file(new org.apache.hadoop.fs.Path(file.toUri())),
            SequenceFile.Writer.keyClass(Text.class),
            SequenceFile.Writer.valueClass(BytesWritable.class))) {
      for (int side : new int[] {20, 30, 3000}) {
        ImageFiles.writePlain(picture, Color.RED, side, side);
        writer.append(new Text("side-" + side), new BytesWritable(Files.readAllBytes(picture)));
      }
    }
    conf.set(DicmKeys.EXTRACT_IMAGES, file.toUri().toString());
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.5");
    conf.setInt(DicmKeys.EXTRACT_DECODE_THREADS, 256);
    assertThat(run().rejectedByReason()).isEqualTo(Map.of("HEAP_TOO_SMALL", 1L));
    conf.setInt(DicmKeys.EXTRACT_DECODE_THREADS, 1);

    ExtractSummary summary = run();

    assertThat(summary.extracted()).isEqualTo(1);
    assertThat(summary.reused()).isEqualTo(2);
    assertThat(run().alreadyThere()).isTrue();
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

  @Test
  void findsNearDuplicatesAmongWhatItExtracted() throws Exception {
    Files.createDirectories(images);
    GeneratedPictures.write(images, 6);
    BufferedImage large = ImageIO.read(images.resolve("picture-003.jpg").toFile());
    BufferedImage small = new BufferedImage(300, 400, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = small.createGraphics();
    graphics.drawImage(large, 0, 0, 300, 400, null);
    graphics.dispose();
    ImageIO.write(small, "jpeg", images.resolve("a-copy.jpg").toFile());

    run();

    List<DuplicateGroup> groups =
        new DuplicateSearch(DuplicateSettings.of(8, 0.9)).find(snapshot()).groups();
    assertThat(groups)
        .singleElement()
        .satisfies(
            group ->
                assertThat(group.images())
                    .extracting(NearDuplicate::imageId)
                    .containsExactly("a-copy", "picture-003"));
    assertThat(stored()).extracting(FeatureRecord::perceptualHash).doesNotContain(0L);
  }

  @Test
  void countsAndListsRejectedImages() throws Exception {
    ImageFiles.writeMany(images, 5);
    Files.writeString(images.resolve("text.jpg"), "this is not a picture");
    Files.createFile(images.resolve("empty.png"));
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.5");

    ExtractSummary summary = run();

    assertThat(summary.rejectedByReason()).isEqualTo(Map.of("UNSUPPORTED", 1L, "EMPTY", 1L));
    assertThat(summary.rejected()).isEqualTo(2);
    assertThat(summary.images()).isEqualTo(5);
    assertThat(rejects(partition().resolve("_rejects")))
        .hasSize(2)
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("\"image_id\":\"text\"", "\"reason\":\"UNSUPPORTED\"", "text.jpg"));
  }

  @Test
  void failsAboveTheThresholdAndPublishesNothing() throws Exception {
    ImageFiles.writeMany(images, 5);
    Files.writeString(images.resolve("text.jpg"), "this is not a picture");

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            DicmException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_DATA_THRESHOLD_EXCEEDED))
        .hasMessageContaining("1 of 6 images were rejected {UNSUPPORTED=1}")
        .hasMessageContaining("dicm.input.max-bad-fraction is 0.01")
        .hasMessageContaining("text.jpg")
        .hasMessageMatching(
            "(?s).* All are listed in file:.*/mean-color/_rejects-dt=2026-03-01\\.");
    Path kept = partition().resolveSibling("_rejects-dt=2026-03-01");
    try (Stream<Path> files = Files.list(partition().getParent())) {
      assertThat(files).containsExactly(kept);
    }
    assertThat(rejects(kept)).singleElement().asString().contains("\"image_id\":\"text\"");
  }

  @Test
  void aFifthOfBrokenFilesPassesWhenTheThresholdAllowsIt() throws Exception {
    writeFifthBroken();
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.2");

    ExtractSummary summary = run();

    assertThat(summary.images()).isEqualTo(40);
    assertThat(summary.rejectedByReason())
        .isEqualTo(Map.of("EMPTY", 4L, "UNSUPPORTED", 3L, "TRUNCATED", 3L));
    assertThat(rejectedIds(partition().resolve("_rejects"))).isEqualTo(brokenIds());
  }

  @Test
  void aFifthOfBrokenFilesFailsJustBelowIt() throws Exception {
    writeFifthBroken();
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.199");

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            DicmException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_DATA_THRESHOLD_EXCEEDED))
        .hasMessageContaining("10 of 50 images were rejected");
    assertThat(rejectedIds(partition().resolveSibling("_rejects-dt=2026-03-01")))
        .isEqualTo(brokenIds());
    assertThat(partition()).doesNotExist();
  }

  @Test
  void extractsSequenceFilesWithoutReadingThemTwice() throws Exception {
    Path file = folder.resolve("pictures.seq");
    Path picture = folder.resolve("picture.png");
    try (SequenceFile.Writer writer =
        SequenceFile.createWriter(
            conf,
            SequenceFile.Writer.file(new org.apache.hadoop.fs.Path(file.toUri())),
            SequenceFile.Writer.keyClass(Text.class),
            SequenceFile.Writer.valueClass(BytesWritable.class),
            SequenceFile.Writer.syncInterval(500))) {
      for (int i = 0; i < 40; i++) {
        ImageFiles.writePlain(picture, new Color(i, 128, 0), 20, 10);
        writer.append(new Text("image-" + i), new BytesWritable(Files.readAllBytes(picture)));
      }
    }
    conf.set(DicmKeys.EXTRACT_IMAGES, file.toUri().toString());
    conf.setInt(DicmKeys.EXTRACT_IMAGES_PER_SPLIT, 7);

    assertThat(run().images()).isEqualTo(40);
    List<FeatureRecord> stored = stored();
    assertThat(stored).extracting(FeatureRecord::imageId).doesNotHaveDuplicates().hasSize(40);
    assertThat(byId(stored, "image-7").feature()[0])
        .isCloseTo((7 / 255f - 0.485f) / 0.229f, within(1e-4f));
    assertThat(run().alreadyThere()).isTrue();
    conf.set(DicmKeys.RUN_DATE, "2026-03-02");
    assertThat(run().extracted()).as("vectors of the day before").isZero();
  }

  @Test
  void subfoldersArePartOfTheImageId() throws Exception {
    ImageFiles.writePlain(images.resolve("shoes/1.png"), Color.RED, 5, 5);
    ImageFiles.writePlain(images.resolve("hats/1.png"), Color.RED, 5, 5);

    run();

    assertThat(stored())
        .extracting(FeatureRecord::imageId)
        .containsExactlyInAnyOrder("shoes/1", "hats/1");
  }

  @Test
  void namesAMissingDirectory() {
    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT_MISSING))
        .hasMessageMatching("Cannot extract images: there is no directory file:.*/images\\.");
  }

  @Test
  void namesAnEmptyDirectory() throws Exception {
    Files.createDirectories(images);

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT_MISSING))
        .hasMessageMatching("Cannot extract images: the directory file:.*/images has no files\\.");
  }

  @Test
  void namesTwoFilesOfOneImage() throws Exception {
    ImageFiles.writePlain(images.resolve("shoe.png"), Color.RED, 5, 5);
    ImageFiles.writePlain(images.resolve("shoe.jpg"), Color.RED, 5, 5);

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT_INVALID))
        .hasMessageContaining("the files shoe.jpg and shoe.png are both image shoe");
  }

  @Test
  void namesAnUnknownEncoder() throws Exception {
    ImageFiles.writeMany(images, 1);
    conf.set(DicmKeys.EXTRACT_ENCODER, "vgg19");

    assertThatThrownBy(this::run)
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("dicm.extract.encoder: was 'vgg19'")
        .hasMessageContaining("mean-color")
        .hasMessageContaining("vgg16");
  }

  @Test
  void refusesABatchThatTheContainerCannotHold() throws Exception {
    ImageFiles.writeMany(images, 1);
    conf.set(DicmKeys.EXTRACT_ENCODER, "vgg16");
    conf.setInt(DicmKeys.EXTRACT_BATCH_SIZE, 256);

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            DicmException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_PLAN_TOO_LARGE))
        .hasMessageContaining("a map task with dicm.extract.batch-size=256 needs about ")
        .hasMessageContaining(" MiB, dicm.extract.map-memory-mb is 2560.");
  }

  @Test
  void refusesBeforeTheJobWhatTheMastersHeapCannotHold() throws Exception {
    ImageFiles.writeMany(images, 2);
    conf.set("mapreduce.framework.name", "there is none");
    ExtractJob job = new ExtractJob(conf, new JobRunner(conf), 64L << 20);

    assertThatThrownBy(() -> job.run(ProgressListener.NONE))
        .isInstanceOfSatisfying(
            DicmException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_PLAN_TOO_LARGE))
        .hasMessageContaining("needs about 65 MiB of heap for 0 images that the store knows and 2 ")
        .hasMessageContaining("its heap is 64 MiB. Raise dicm.yarn.master.memory-mb");
  }

  @Test
  void halfAMillionNewImagesNeedMoreThanTheUsualMaster() {
    assertThat(new IndexMemory(0, 500_000).neededMb()).isEqualTo(64 + 282);
    assertThat(new IndexMemory(500_000, 10).neededMb()).isEqualTo(64 + 191);
  }

  @Test
  void namesAFileThatHadoopCannotRead() throws Exception {
    ImageFiles.writePlain(images.resolve("a:b.png"), Color.RED, 5, 5);

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT_INVALID))
        .hasMessageContaining("the name of a:b.png has a colon");
  }

  @Test
  void takesNamesWithSpacesDotsAndUmlauts() throws Exception {
    List<String> ids = List.of("red shoe", "bücher", "v1.2", "100%");
    for (String id : ids) {
      ImageFiles.writePlain(images.resolve(id + ".png"), Color.RED, 5, 5);
    }

    run();

    assertThat(stored())
        .extracting(FeatureRecord::imageId)
        .containsExactlyInAnyOrderElementsOf(ids);
  }

  /** Forty good images and ten broken ones of three kinds. */
  private void writeFifthBroken() throws IOException {
    ImageFiles.writeMany(images, 40);
    byte[] whole = Files.readAllBytes(images.resolve("image-0.png"));
    for (int i = 0; i < 10; i++) {
      byte[] content =
          switch (i % 3) {
            case 0 -> new byte[0];
            case 1 -> "no picture".getBytes(StandardCharsets.UTF_8);
            default -> Arrays.copyOf(whole, whole.length / 2);
          };
      Files.write(images.resolve("broken-" + i + ".png"), content);
    }
  }

  private static Set<String> brokenIds() {
    return IntStream.range(0, 10).mapToObj(i -> "broken-" + i).collect(Collectors.toSet());
  }

  private Set<String> rejectedIds(Path directory) throws IOException {
    Set<String> ids = new TreeSet<>();
    for (String line : rejects(directory)) {
      assertThat(line).containsPattern("\"reason\":\"[A-Z_]+\"");
      ids.add(line.replaceAll(".*\"image_id\":\"([^\"]*)\".*", "$1"));
    }
    return ids;
  }

  private static FeatureRecord byId(List<FeatureRecord> records, String imageId) {
    return records.stream().filter(r -> r.imageId().equals(imageId)).findFirst().orElseThrow();
  }

  private ExtractSummary run() throws IOException, InterruptedException {
    return new ExtractJob(conf).run(ProgressListener.NONE);
  }

  /** Fails when a job is launched: there is no framework that could run it. */
  private ExtractSummary withoutJobs() throws IOException, InterruptedException {
    Configuration broken = new Configuration(conf);
    broken.set("mapreduce.framework.name", "there is none");
    return new ExtractJob(broken).run(ProgressListener.NONE);
  }

  private void touch(String name) throws IOException {
    Path file = images.resolve(name);
    Files.setLastModifiedTime(
        file,
        java.nio.file.attribute.FileTime.fromMillis(
            Files.getLastModifiedTime(file).toMillis() + 5_000));
  }

  private Path part(int reducer) throws IOException {
    try (Stream<Path> files = Files.list(partition())) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("part-r-0000" + reducer + "-"))
          .findFirst()
          .orElseThrow();
    }
  }

  private int rowsOf(int reducer) throws IOException {
    String name = "dt=2026-03-01/" + part(reducer).getFileName();
    return (int)
        store().manifest("2026-03-01").files().stream()
            .filter(file -> file.name().equals(name))
            .findFirst()
            .orElseThrow()
            .rows();
  }

  private long rowsOf(String date) throws IOException {
    return store().manifest(date).files().stream()
        .filter(file -> file.name().startsWith("dt=" + date))
        .mapToLong(FeatureFile::rows)
        .sum();
  }

  private Path partition() {
    return folder.resolve("workspace/features/mean-color/dt=2026-03-01");
  }

  private FeatureStore store() {
    Workspace workspace = new Workspace(DicmConfiguration.of(conf).path(DicmKeys.WORKSPACE_PATH));
    return FeatureStore.open(conf, workspace.features("mean-color"));
  }

  private FeatureSnapshot snapshot() throws IOException {
    return store().snapshot();
  }

  private List<FeatureRecord> stored() throws IOException {
    return stored(snapshot());
  }

  private static List<FeatureRecord> stored(FeatureSnapshot snapshot) throws IOException {
    List<FeatureRecord> records = new ArrayList<>();
    snapshot.scan(bucket -> true, records::add);
    return records;
  }

  private static List<String> rejects(Path directory) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines;
  }
}
