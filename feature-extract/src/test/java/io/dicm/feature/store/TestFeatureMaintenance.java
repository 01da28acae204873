package io.dicm.feature.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.encode.ExtractorDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestFeatureMaintenance {
  private static final int DIMENSION = 3;
  private static final long HOUR_MS = 3_600_000L;
  private static final LocalDate TODAY = LocalDate.parse("2026-01-10");

  @TempDir java.nio.file.Path folder;
  private final Configuration conf = new Configuration();
  private FeatureStore store;
  private SmallExtraction extraction;

  @BeforeEach
  void open() {
    store = FeatureStore.open(conf, new Path(new Path(folder.toUri()), "x"));
    extraction =
        new SmallExtraction(
            conf,
            store,
            new ExtractorDescription("x", "layer", "digest", "none", DIMENSION, "float32"));
  }

  @Test
  void compactionMergesFilesAndChangesNoSnapshot() throws IOException {
    extraction.publish("2026-01-01", images(0, 20, 1));
    extraction.publish("2026-01-02", images(10, 30, 2));
    extraction.publish("2026-01-03", images(25, 40, 3));
    FeatureSnapshot opened = store.snapshot();
    List<FeatureRecord> before = read(opened);

    FeatureMaintenance.Compaction done = maintenance(0).compact(2, Set.of());

    assertThat(done).isEqualTo(new FeatureMaintenance.Compaction("2026-01-03", 40, 3, 2));
    assertThat(read(store.snapshot())).containsExactlyInAnyOrderElementsOf(before);
    assertThat(read(opened)).containsExactlyElementsOf(before);
    assertThat(read(store.snapshot("2026-01-02"))).hasSize(30);
    for (FeaturePart part : store.snapshot().parts()) {
      List<Long> keys = new ArrayList<>();
      part.scan(bucket -> true, image -> keys.add(image.imageKey()));
      assertThat(keys).isSortedAccordingTo(BucketOrder::compare).isNotEmpty();
    }
    assertThat(maintenance(0).list())
        .extracting(FeatureMaintenance.SnapshotSize::replacedRows)
        .containsExactly(0L, 10L, 0L);
  }

  @Test
  void filesOfAReplacedSnapshotStayUntilTheGraceIsOver() throws IOException {
    extraction.publish("2026-01-01", images(0, 20, 1));
    extraction.publish("2026-01-02", images(10, 30, 2));
    FeatureSnapshot opened = store.snapshot();
    maintenance(0).compact(1, Set.of());

    FeatureMaintenance.Expiry early = maintenance(0).expire(TODAY, 2, 0, HOUR_MS);

    assertThat(early.snapshots()).containsExactly("2026-01-01");
    assertThat(early.filesDeleted()).isZero();
    assertThat(read(opened)).hasSize(30);
    assertThatThrownBy(() -> store.snapshot("2026-01-01")).hasMessageContaining("has expired");

    FeatureMaintenance.Expiry late = maintenance(2).expire(TODAY, 2, 0, HOUR_MS);

    assertThat(late.filesDeleted()).as("two of vectors, two indexes, replaced rows").isEqualTo(5);
    assertThat(read(store.snapshot())).hasSize(30);
    assertThat(Files.exists(folder.resolve("x/dt=2026-01-01"))).isFalse();
    assertThatThrownBy(() -> read(opened)).isInstanceOf(DicmException.class);
  }

  @Test
  void aDayThatExpiredCanBeExtractedAgain() throws IOException {
    extraction.publish("2026-01-01", images(0, 20, 1));
    extraction.publish("2026-01-02", images(10, 30, 2));
    maintenance(0).expire(TODAY, 2, 0, HOUR_MS);

    extraction.publish("2026-01-01", images(0, 5, 4));

    assertThat(read(store.snapshot("2026-01-01"))).hasSize(5);
    assertThat(read(store.snapshot("2026-01-02"))).hasSize(30);
  }

  @Test
  void forgottenVectorsAreInNoFileAfterCompactionAndGrace() throws IOException {
    extraction.publish("2026-01-01", images(0, 20, 1));
    extraction.publish("2026-01-02", images(10, 30, 2));

    maintenance(0).compact(2, Set.of("image 7", "image 15", "unknown"));
    maintenance(0).expire(TODAY, 2, 0, HOUR_MS);
    maintenance(2).expire(TODAY, 2, 0, HOUR_MS);

    assertThat(read(store.snapshot()))
        .hasSize(28)
        .extracting(FeatureRecord::imageId)
        .doesNotContain("image 7", "image 15");
    assertThat(maintenance(0).verify("2026-01-02")).isEmpty();
    FeatureBase base = FeatureBase.of(conf, store, "2026-01-02", Verification.DIGESTS);
    assertThat(base.find("image 7")).isEmpty();
    assertThat(parquetFiles()).as("two of vectors and an index").hasSize(3);
  }

  @Test
  void imagesThatLeftExpireDownToTheFloor() throws IOException {
    extraction.publish("2026-01-01", images(0, 20, 1));
    extraction.publish("2026-01-02", List.of(), List.of("image 3", "image 4"), List.of());
    extraction.publish("2026-01-04", List.of(), List.of("image 5", "image 6"), List.of());
    extraction.publish("2026-01-09", List.of(), List.of("image 8"), List.of());

    FeatureMaintenance.Expiry done = maintenance(0).expire(TODAY, 3, 17, HOUR_MS);

    assertThat(done.images()).isEqualTo(3);
    assertThat(read(store.snapshot()))
        .extracting(FeatureRecord::imageId)
        .hasSize(17)
        .contains("image 6", "image 8")
        .doesNotContain("image 3", "image 4", "image 5");
  }

  @Test
  void withoutAnAgeNothingExpires() throws IOException {
    extraction.publish("2025-01-01", images(0, 20, 1));
    extraction.publish("2025-01-02", List.of(), List.of("image 3"), List.of());

    FeatureMaintenance.Expiry done = maintenance(2).expire(TODAY, 0, 0, HOUR_MS);

    assertThat(done).isEqualTo(new FeatureMaintenance.Expiry(List.of(), 0, 0, 0));
    assertThat(store.dates()).containsExactly("2025-01-01", "2025-01-02");
  }

  @Test
  void verificationNamesADamagedFileAndCompactionRefusesIt() throws IOException {
    extraction.publish("2026-01-01", images(0, 20, 1));
    extraction.publish("2026-01-02", images(10, 30, 2));
    java.nio.file.Path file = vectorFile("2026-01-01");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 4;
    // Past Hadoop, whose own checksum of the local file would find it first.
    Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
    Files.write(file, bytes);

    assertThat(maintenance(0).verify("2026-01-02"))
        .singleElement()
        .asString()
        .contains("dt=2026-01-01/part-00000-", "has another digest than the manifest says");

    Files.delete(file);
    assertThatThrownBy(() -> maintenance(0).compact(1, Set.of()))
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_CORRUPT));
    assertThat(store.manifest("2026-01-02").files()).hasSize(2);
  }

  @Test
  void anExtractionFindsDamageByDigestsAndLosesNoOtherImage() throws IOException {
    extraction.publish("2026-01-01", images(0, 20, 1));
    extraction.publish("2026-01-02", images(10, 30, 2));
    java.nio.file.Path file = vectorFile("2026-01-01");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 4;
    Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
    Files.write(file, bytes);

    FeatureBase byLengths = FeatureBase.of(conf, store, "2026-01-02", Verification.LENGTHS);
    FeatureBase byDigests = FeatureBase.of(conf, store, "2026-01-02", Verification.DIGESTS);

    assertThat(byLengths.lost()).isEmpty();
    assertThat(byDigests.lost())
        .extracting(IndexEntry::imageId)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 10).mapToObj(i -> "image " + i).toList());
    assertThat(byDigests.imageCount()).isEqualTo(20);
  }

  @Test
  void aDamagedIndexIsMadeAnewFromTheVectors() throws IOException {
    extraction.publish("2026-01-01", images(0, 20, 1));
    extraction.publish("2026-01-02", images(10, 30, 2));
    for (java.nio.file.Path file : parquetFiles()) {
      if (file.getFileName().toString().startsWith("_index")) {
        Files.delete(file);
      }
    }

    FeatureBase base = FeatureBase.of(conf, store, "2026-01-02", Verification.LENGTHS);

    assertThat(base.entries()).hasSize(30);
    assertThat(base.find("image 12").orElseThrow().source()).isEqualTo(SourceFile.UNKNOWN);
    extraction.publish("2026-01-03", images(30, 31, 3));
    assertThat(read(store.snapshot())).hasSize(31);
    assertThat(FeatureBase.of(conf, store, "2026-01-03", Verification.LENGTHS).indexes())
        .hasSize(1);
  }

  private FeatureMaintenance maintenance(int hoursLater) {
    return new FeatureMaintenance(
        conf, store, Clock.offset(Clock.systemUTC(), Duration.ofHours(hoursLater)));
  }

  private java.nio.file.Path vectorFile(String date) throws IOException {
    return parquetFiles().stream()
        .filter(file -> file.getParent().endsWith("dt=" + date))
        .filter(file -> file.getFileName().toString().startsWith("part-"))
        .findFirst()
        .orElseThrow();
  }

  private List<java.nio.file.Path> parquetFiles() throws IOException {
    try (Stream<java.nio.file.Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }

  private static List<FeatureRecord> read(FeatureSnapshot snapshot) throws IOException {
    List<FeatureRecord> read = new ArrayList<>();
    // Arrays are equal only to themselves: the digest tells which version of an image it is.
    snapshot.scan(
        bucket -> true,
        image -> {
          assertThat(image.feature()[1]).isEqualTo((float) image.extractedAtMs());
          read.add(
              new FeatureRecord(
                  image.imageId(),
                  image.imageKey(),
                  image.contentDigest(),
                  null,
                  image.width(),
                  image.height(),
                  image.extractedAtMs()));
        });
    return read;
  }

  private static List<FeatureRecord> images(int from, int to, long version) {
    return IntStream.range(from, to)
        .mapToObj(
            i -> {
              String id = "image " + i;
              return new FeatureRecord(
                  id,
                  Fingerprints.imageKey(id),
                  String.format("%064x", 1000L * version + i),
                  new float[] {i, version, 1},
                  1,
                  2,
                  version);
            })
        .toList();
  }
}
